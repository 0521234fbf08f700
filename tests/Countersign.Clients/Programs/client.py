"""Arguments: URL, PEM of the server's authority, and a PEM with the certificates and the key, or nothing."""
import ssl
import sys
import urllib.error
import urllib.request

context = ssl.create_default_context(cafile=sys.argv[2])
if len(sys.argv) > 3:
    context.load_cert_chain(sys.argv[3])
opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({}))
try:
    print("HTTP", opener.open(sys.argv[1], timeout=20).status)
except urllib.error.HTTPError as error:
    print(f"HTTPError: {error}")
except OSError as error:
    print(f"{type(error).__name__}: {error}")
