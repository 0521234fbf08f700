using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary>Why a client that libssl verified is turned away all the same: what its authority's responder said of one certificate, or that it said nothing.</summary>
internal sealed record OcspOutcome
{
    /// <summary>Whose ssl_ocsp asked.</summary>
    public required ServerPlan Asker { get; init; }

    /// <summary>0 is the client's own certificate.</summary>
    public required int Depth { get; init; }

    /// <summary>The certificate that was asked about, in DER; empty when it did not come to that.</summary>
    public byte[] Certificate { get; init; } = [];

    /// <summary>URL of the responder; null where there is none.</summary>
    public string? Responder { get; init; }

    /// <summary>Revoked or unknown; null where there is no answer.</summary>
    public TlsOcspAnswer? Answer { get; init; }

    /// <summary>It was in ssl_ocsp_cache.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>Why there is no answer, in nginx's words.</summary>
    public string Failure { get; init; } = "";

    /// <summary>nginx's <c>ngx_ssl_ocsp_get_status</c>.</summary>
    public string Text => Answer?.Status switch
    {
        null => "certificate status request failed",
        TlsOcspStatus.Revoked => "certificate revoked",
        _ => "certificate status unknown",
    };
}
