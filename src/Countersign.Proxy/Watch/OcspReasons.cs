using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>From what ssl_ocsp came to, to the reason.</summary>
internal static class OcspReasons
{
    public static Reason Of(OcspOutcome outcome, DateTimeOffset now)
    {
        var plan = outcome.Asker.Ssl.Ocsp;
        var inquiry = new OcspInquiry
        {
            Certificate = CertificateReader.Read(outcome.Certificate),
            Depth = outcome.Depth,
            Responder = outcome.Responder ?? "",
            ResponderAt = plan?.Responder is null ? "" : TrustBook.At(plan.ResponderAt),
            AskedAt = TrustBook.At(plan?.At),
            ThisUpdate = outcome.Answer?.ThisUpdate,
            NextUpdate = outcome.Answer?.NextUpdate,
            IsRemembered = outcome.IsRemembered,
            Now = now,
        };
        return outcome.Answer switch
        {
            null => new OcspFailed(inquiry, outcome.Failure),
            { Status: TlsOcspStatus.Revoked } revoked => new OcspRevoked(inquiry, revoked.Revoked, revoked.Reason),
            _ => new OcspUnknown(inquiry),
        };
    }
}
