namespace Countersign.Native;

/// <summary>One problem X509_verify_cert found: its X509_V_ERR code and how far from the leaf (0) it stands.</summary>
public readonly record struct TlsVerification(int Error, int Depth)
{
    public string Text => TextOf(Error);

    /// <summary>X509_V_OK.</summary>
    public const int Ok = 0;

    /// <summary>X509_verify_cert_error_string.</summary>
    public static unsafe string TextOf(int error) => NativeText.String(NativeX509.VerifyText(error));

    /// <summary>Whether optional_no_ca lets the result pass: nginx's ngx_ssl_verify_error_optional, the codes of an unknown CA.</summary>
    public static bool IsOptionalNoCa(int error) => error is 18 or 19 or 20 or 21 or 27;
}
