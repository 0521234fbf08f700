namespace Countersign.Refusals;

/// <summary>Certificates from DER.</summary>
public static class CertificateReader
{
    /// <returns>Null for what is no certificate.</returns>
    public static CertificateFacts? Read(ReadOnlyMemory<byte> der) => throw new NotImplementedException();
}
