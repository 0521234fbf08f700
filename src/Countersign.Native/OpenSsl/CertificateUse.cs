namespace Countersign.Native;

/// <summary>What a certificate says it is for. Absent extensions allow everything.</summary>
/// <param name="IsAuthority">OpenSSL's EXFLAG_CA: basicConstraints says CA.</param>
/// <param name="HasKeyUsage">The keyUsage extension is there.</param>
/// <param name="HasExtendedKeyUsage">The extendedKeyUsage extension is there.</param>
/// <param name="ExtendedKeyUsage">XKU bits, as <see cref="ServerAuthentication"/>; every bit without the extension.</param>
/// <param name="KeyUsage">KU bits of the first byte, digitalSignature 0x80 to cRLSign 0x02; every bit without the extension.</param>
/// <param name="AllowsTlsClient">X509_check_purpose for a TLS client, what a server asks of the chain.</param>
public sealed record CertificateUse(
    bool IsAuthority, bool HasKeyUsage, bool HasExtendedKeyUsage, uint KeyUsage, uint ExtendedKeyUsage, bool AllowsTlsClient, bool AllowsTlsServer)
{
    public const uint ServerAuthentication = 1;
    public const uint ClientAuthentication = 2;

    private const uint FlagKeyUsage = 0x2;
    private const uint FlagExtendedKeyUsage = 0x4;
    private const uint FlagAuthority = 0x10;
    private const int PurposeTlsClient = 1;
    private const int PurposeTlsServer = 2;

    internal static CertificateUse Read(nint certificate)
    {
        var client = NativeX509.CheckPurpose(certificate, PurposeTlsClient, 0) == 1;
        var server = NativeX509.CheckPurpose(certificate, PurposeTlsServer, 0) == 1;
        var flags = NativeX509.ExtensionFlags(certificate);
        NativeError.Clear();
        return new CertificateUse(
            (flags & FlagAuthority) != 0,
            (flags & FlagKeyUsage) != 0,
            (flags & FlagExtendedKeyUsage) != 0,
            NativeX509.KeyUsage(certificate),
            NativeX509.ExtendedKeyUsage(certificate),
            client,
            server);
    }
}
