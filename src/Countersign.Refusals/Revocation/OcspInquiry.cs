namespace Countersign.Refusals;

/// <summary>A question of ssl_ocsp: about whom, to whom, and for how long the answer holds.</summary>
public sealed record OcspInquiry
{
    /// <summary>Null where it did not come to a certificate of its own.</summary>
    public CertificateFacts? Certificate { get; init; }

    public int Depth { get; init; }

    /// <summary>URL; empty where there is none.</summary>
    public string Responder { get; init; } = "";

    /// <summary>file:line of ssl_ocsp_responder; empty where the certificate itself names the responder.</summary>
    public string ResponderAt { get; init; } = "";

    /// <summary>file:line of ssl_ocsp.</summary>
    public string AskedAt { get; init; } = "";

    public DateTimeOffset? ThisUpdate { get; init; }
    public DateTimeOffset? NextUpdate { get; init; }

    /// <summary>The answer was in ssl_ocsp_cache.</summary>
    public bool IsRemembered { get; init; }

    public required DateTimeOffset Now { get; init; }

    public string Subject => Certificate is null
        ? "the client's certificate"
        : $"{ChainText.Of(Certificate, Depth)} (serial {Certificate.Serial})";

    /// <summary><c>the responder http://ocsp.example (nginx.conf:12)</c></summary>
    public string Asked => (Responder.Length == 0 ? "no responder" : $"the responder {ChainText.Printable(Responder)}")
        + (Responder.Length == 0 ? "" : ResponderAt.Length == 0 ? ", which the certificate names," : $" ({ResponderAt})");

    /// <summary>Since when and until when the answer holds; empty without one.</summary>
    public string Period => ThisUpdate is { } since
        ? $", as of {Evidence.Text(since)}" + (NextUpdate is { } end ? $" and until {Evidence.Text(end)}" : "") + (IsRemembered ? " (from ssl_ocsp_cache)" : "")
        : "";

    /// <summary>Ready to be pasted; the files are whoever pastes'.</summary>
    public string Command => $"openssl ocsp -issuer issuer.pem -cert client.pem -url {Url} -resp_text";

    // A URL out of a certificate may hold what a shell takes for its own.
    private string Url => Responder.Length > 0 && Responder.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is ':' or '/' or '.' or '-' or '_' or '[' or ']')
        ? Responder : "RESPONDER_URL";

    public Evidence Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("responder", Responder)
        .Add("responder_at", ResponderAt.Length == 0 ? "authorityInfoAccess" : ResponderAt)
        .Add("ssl_ocsp_at", AskedAt)
        .Add("this_update", ThisUpdate)
        .Add("next_update", NextUpdate)
        .Add("is_cached", IsRemembered)
        .Add("now", Now);
}
