using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>How a connection ended.</summary>
internal enum ProbeEnd
{
    /// <summary>With an answer of HTTP.</summary>
    Answer,

    /// <summary>With an answer that is no HTTP.</summary>
    OtherAnswer,

    /// <summary>The handshake was all that was wanted.</summary>
    Handshake,

    /// <summary>The server sent a fatal alert.</summary>
    Alert,

    /// <summary>The server closed the connection.</summary>
    Closed,

    /// <summary>ECONNRESET or EPIPE.</summary>
    Reset,

    /// <summary>Nothing more came in time.</summary>
    TimedOut,

    /// <summary>libssl refused what the server sent.</summary>
    Failed,
}

/// <summary>When a server asked for the certificate.</summary>
internal enum ProbeAsked
{
    Never,

    Handshake,

    /// <summary>TLS 1.3: after the handshake, as a rule once it has seen the path.</summary>
    PostHandshake,

    /// <summary>TLS 1.2 and below: in a second handshake.</summary>
    Renegotiation,
}

/// <param name="IsAfterCertificate">This client's Certificate message was out by then.</param>
/// <param name="IsAfterFinished">Both sides had sent Finished.</param>
internal sealed record ProbeAlert(int Number, bool IsAfterCertificate, bool IsAfterFinished)
{
    public string Name => AlertName.Of(Number);
}

/// <summary>What one connection showed.</summary>
internal sealed record ProbeSight
{
    /// <summary>The client's certificate was at hand.</summary>
    public required bool HasCertificate { get; init; }

    public required ProbeEnd End { get; init; }

    public required string Address { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The handshake was done for this client; in TLS 1.3 the server may still refuse.</summary>
    public bool IsHandshakeDone { get; init; }

    /// <summary><c>TLSv1.3</c>; empty when it did not come to that.</summary>
    public string Protocol { get; init; } = "";

    public string Cipher { get; init; } = "";

    /// <summary>Of the key exchange; empty without one.</summary>
    public string Group { get; init; } = "";

    public string Alpn { get; init; } = "";

    /// <summary>The server's chain in DER, as it was sent.</summary>
    public IReadOnlyList<byte[]> Chain { get; init; } = [];

    public ProbeAsked Asked { get; init; }

    /// <summary>Null when it did not ask, or in a way that cannot be read.</summary>
    public CertificateRequestFacts? Request { get; init; }

    /// <summary>Certificates in this client's last Certificate message; null when it sent none, 0 when it had nothing to send.</summary>
    public int? Sent { get; init; }

    public ProbeAlert? Alert { get; init; }

    /// <summary>libssl's or the system's words; empty without a failure.</summary>
    public string Failure { get; init; } = "";

    /// <summary>The first bytes that the server sent, at most five.</summary>
    public ReadOnlyMemory<byte> FirstBytes { get; init; }

    public HttpAnswer? Answer { get; init; }
}
