namespace Countersign.Refusals;

/// <summary>Why a request came without a certificate.</summary>
public static class NoCertificateReasons
{
    public static Reason Of(NoCertificateCase request) => new NotConfigured(request);
}
