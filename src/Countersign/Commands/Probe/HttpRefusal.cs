namespace Countersign.Commands.Probe;

/// <summary>What an answer says about the client's certificate.</summary>
internal enum HttpMeaning
{
    /// <summary>Nothing: the certificate, or that there is none, is good enough.</summary>
    LetIn,

    /// <summary>nginx's 496 and what others say for it.</summary>
    CertificateMissing,

    /// <summary>nginx's 495 and what others say for it.</summary>
    CertificateRefused,

    /// <summary>IIS 403.13.</summary>
    CertificateRevoked,

    /// <summary>IIS 403.17.</summary>
    CertificateExpired,

    /// <summary>421.</summary>
    Misdirected,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>401 and 407: credentials of another kind.</summary>
    Unauthorized,

    /// <summary>400 without a word of certificates.</summary>
    BadRequest,
}

/// <summary>Tells it from the pages that servers are known by. An operator may have written others (error_page), which then say no more than their status.</summary>
internal static class HttpRefusal
{
    public static HttpMeaning Of(HttpAnswer answer, bool wasSent)
    {
        var page = answer.Title + "\n" + answer.Body;
        return answer.Status switch
        {
            // Countersign's and nginx's own numbers reach a client only where error_page passes them on.
            495 => HttpMeaning.CertificateRefused,
            496 => HttpMeaning.CertificateMissing,
            421 => HttpMeaning.Misdirected,
            401 or 407 => HttpMeaning.Unauthorized,
            _ when Says(page, "No required SSL certificate was sent") || Says(page, "403.7") => HttpMeaning.CertificateMissing,
            _ when Says(page, "403.13") => HttpMeaning.CertificateRevoked,
            _ when Says(page, "403.17") => HttpMeaning.CertificateExpired,
            _ when Says(page, "The SSL certificate error") || Says(page, "403.16") || Says(page, "403.12") => HttpMeaning.CertificateRefused,
            400 or 403 when Says(page, "client certificate") => wasSent ? HttpMeaning.CertificateRefused : HttpMeaning.CertificateMissing,
            403 => HttpMeaning.Forbidden,
            400 => HttpMeaning.BadRequest,
            _ => HttpMeaning.LetIn,
        };
    }

    private static bool Says(string page, string text) => page.Contains(text, StringComparison.OrdinalIgnoreCase);
}
