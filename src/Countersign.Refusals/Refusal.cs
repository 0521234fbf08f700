using System.Net;

namespace Countersign.Refusals;

/// <summary>
/// What is known of one connection that was turned away: the reason, everything else that was wrong, and what each side saw. The only thing that
/// logs, pages, the ledger and the commands render.
/// </summary>
public sealed record Refusal
{
    public required Reason Reason { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>What the client's page shows of it: 16 hexadecimal digits. Empty where nothing happened, as in <c>countersign explain</c>.</summary>
    public string Incident { get; init; } = "";

    /// <summary>Every error of libssl's verification in its order; the root cause need not be among them.</summary>
    public IReadOnlyList<VerifyError> Errors { get; init; } = [];

    /// <summary>Other things that would still refuse the client when <see cref="Reason"/> is mended.</summary>
    public IReadOnlyList<Reason> Others { get; init; } = [];

    /// <summary>495, 496, 497 or 421, which a client sees as 400 or 421; null when there was no request to answer.</summary>
    public int? Status { get; init; }

    /// <summary>Number of the TLS alert that ended the handshake; null when none did.</summary>
    public int? Alert { get; init; }

    /// <summary>True for an alert that the client sent.</summary>
    public bool IsAlertOfClient { get; init; }

    /// <summary>What nginx writes, without time, numbers and the context after it.</summary>
    public string NginxLine { get; init; } = "";

    public IPEndPoint? Client { get; init; }

    /// <summary>Name of the server that decided, and where it stands: <c>api.example (nginx.conf:12)</c>.</summary>
    public string Server { get; init; } = "";

    /// <summary>Name of the server by SNI; null without.</summary>
    public string? Sni { get; init; }

    /// <summary>Of the request; null when none came.</summary>
    public string? Host { get; init; }

    /// <summary>The certificates as the client sent them, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Presented { get; init; } = [];

    /// <summary>The work allowed for one refusal was done before everything had been looked at: the reason may say less than it could.</summary>
    public bool IsCut { get; init; }

    /// <summary>The leaf, when it could be read.</summary>
    public CertificateFacts? Leaf { get; init; }

    /// <summary>Null where there was no connection, as in <c>countersign explain</c>.</summary>
    public HandshakeFacts? Handshake { get; init; }
}

/// <summary>One error of X509_verify_cert().</summary>
/// <param name="Code">X509_V_ERR_*, as nginx prints it.</param>
/// <param name="Depth">0 is the leaf; <see cref="UnknownDepth"/> for a resumed session, which keeps only the number.</param>
/// <param name="Subject">Of the certificate at that depth; empty when libssl had none.</param>
public sealed record VerifyError(int Code, int Depth, string Subject)
{
    public const int UnknownDepth = -1;

    /// <summary>X509_V_ERR_CERT_HAS_EXPIRED, without X509_V_ERR_.</summary>
    public string Name => VerifyErrorName.Of(Code);
}
