import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Arguments: the PEM of the server's authority, then a URL and a PKCS #12 file (or -) for every visit. One line is printed for each. */
public class Client {
    public static void main(String[] args) throws Exception {
        var authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (var file = new FileInputStream(args[0])) {
            authorities.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        for (int i = 1; i + 1 < args.length; i += 2) {
            System.out.println(visit(args[i], args[i + 1], trust));
        }
        // The clients' own threads are not waited for.
        System.exit(0);
    }

    private static String visit(String url, String identity, TrustManagerFactory trust) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var store = KeyStore.getInstance("PKCS12");
        if (identity.equals("-")) {
            store.load(null, null);
        } else {
            try (var file = new FileInputStream(identity)) {
                store.load(file, "secret".toCharArray());
            }
        }
        keys.init(store, "secret".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var client = HttpClient.newBuilder().sslContext(context).connectTimeout(Duration.ofSeconds(20)).build();
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build();
            return "HTTP " + client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (java.io.IOException error) {
            return error.toString().replace('\n', ' ');
        }
    }
}
