namespace Countersign.Native;

/// <summary>What a context was loaded with, in DER: whatever its files say since then, this is what clients are verified against.</summary>
public sealed record TlsTrustContents(IReadOnlyList<byte[]> Certificates, IReadOnlyList<byte[]> Crls)
{
    private const int CertificateObject = 1;
    private const int CrlObject = 2;

    internal static unsafe TlsTrustContents Of(nint context)
    {
        var certificates = new List<byte[]>();
        var crls = new List<byte[]>();
        var objects = NativeX509.StoreObjects(NativeContext.Store(context));
        for (var i = 0; i < NativeCrypto.Count(objects); i++)
        {
            var item = NativeCrypto.Item(objects, i);
            switch (NativeX509.ObjectKind(item))
            {
                case CertificateObject:
                    certificates.Add(Encode(NativeX509.ObjectCertificate(item), &NativeX509.Encode));
                    break;
                case CrlObject:
                    crls.Add(Encode(NativeX509.ObjectCrl(item), &NativeX509.EncodeCrl));
                    break;
            }
        }
        return new TlsTrustContents(certificates, crls);
    }

    private static unsafe byte[] Encode(nint item, delegate*<nint, byte**, int> encode)
    {
        var bytes = new byte[Math.Max(0, encode(item, null))];
        fixed (byte* start = bytes)
        {
            var at = start;
            _ = encode(item, &at);
        }
        return bytes;
    }
}
