namespace Countersign.Refusals;

/// <summary>One certificate of a file that is trusted, where it stands.</summary>
/// <param name="Number">Counted from 1 over the certificates of its file.</param>
/// <param name="Line">Of its BEGIN; 0 in a file of DER.</param>
/// <param name="Certificate">Null for what could not be read.</param>
/// <param name="Fault">Why it could not be read; empty otherwise.</param>
public sealed record BundleItem(string File, int Number, int Line, CertificateFacts? Certificate, string Fault = "")
{
    /// <summary>What stands between BEGIN and END: a TRUSTED CERTIFICATE has more than its certificate.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>CERTIFICATE, X509 CERTIFICATE or TRUSTED CERTIFICATE.</summary>
    public string Label { get; init; } = BundleFile.Certificate;
}
