namespace Countersign.Native;

/// <summary>What a context was loaded with, in DER: whatever its files say since then, this is what clients are verified against.</summary>
public sealed record TlsTrustContents(IReadOnlyList<byte[]> Certificates, IReadOnlyList<byte[]> Crls);

/// <summary>
/// The trusted certificates and lists of a context, to be read on any thread: encoding a list of a million entries takes as long as many handshakes.
/// It keeps them, even when the context goes.
/// </summary>
public sealed unsafe class TlsTrustSource : IDisposable
{
    private const int CertificateObject = 1;
    private const int CrlObject = 2;

    private nint _store;

    internal TlsTrustSource(nint context)
    {
        _store = NativeContext.VerificationStore(context);
        _ = NativeX509.KeepStore(_store);
    }

    ~TlsTrustSource() => Release();

    public TlsTrustContents Read()
    {
        ObjectDisposedException.ThrowIf(_store == 0, this);
        var (certificates, crls) = Keep();
        return new TlsTrustContents(
            [.. certificates.Select(certificate => Encode(certificate, &NativeX509.Encode, &NativeX509.Free))],
            [.. crls.Select(crl => Encode(crl, &NativeX509.EncodeCrl, &NativeX509.FreeCrl))]);
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    // Whoever verifies meanwhile waits for as long as it takes to count references, not for the encoding.
    private (List<nint> Certificates, List<nint> Crls) Keep()
    {
        var certificates = new List<nint>();
        var crls = new List<nint>();
        _ = NativeX509.LockStore(_store);
        try
        {
            var objects = NativeX509.StoreObjects(_store);
            for (var i = 0; i < NativeCrypto.Count(objects); i++)
            {
                var item = NativeCrypto.Item(objects, i);
                switch (NativeX509.ObjectKind(item))
                {
                    case CertificateObject:
                        certificates.Add(NativeX509.ObjectCertificate(item));
                        _ = NativeX509.Keep(certificates[^1]);
                        break;
                    case CrlObject:
                        crls.Add(NativeX509.ObjectCrl(item));
                        _ = NativeX509.KeepCrl(crls[^1]);
                        break;
                }
            }
        }
        finally
        {
            _ = NativeX509.UnlockStore(_store);
        }
        return (certificates, crls);
    }

    private static byte[] Encode(nint item, delegate*<nint, byte**, int> encode, delegate*<nint, void> free)
    {
        try
        {
            var bytes = new byte[Math.Max(0, encode(item, null))];
            fixed (byte* start = bytes)
            {
                var at = start;
                _ = encode(item, &at);
            }
            return bytes;
        }
        finally
        {
            free(item);
        }
    }

    private void Release()
    {
        if (_store != 0)
        {
            NativeX509.FreeStore(_store);
            _store = 0;
        }
    }
}
