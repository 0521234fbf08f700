namespace Countersign.Refusals;

/// <summary>How a connection ended before there was a request.</summary>
public enum HandshakeEnd
{
    /// <summary>libssl refused what came; <see cref="HandshakeCase.Error"/> says why and an alert went out.</summary>
    Failed,

    /// <summary>The client sent an alert.</summary>
    Alert,

    /// <summary>The client closed its side.</summary>
    Closed,

    /// <summary>ECONNRESET or EPIPE.</summary>
    Reset,

    /// <summary>client_header_timeout.</summary>
    TimedOut,

    /// <summary>ssl_reject_handshake.</summary>
    Rejected,

    /// <summary>Bytes that are no TLS were answered as a plain request, or not at all.</summary>
    NotTls,

    /// <summary>The listen wants a PROXY protocol header first, and what came is none or not a whole one.</summary>
    ProxyHeader,
}

/// <summary>How far it had come.</summary>
public enum HandshakeStage
{
    /// <summary>Not one byte had come.</summary>
    Silent,

    /// <summary>Bytes had come, and no whole ClientHello.</summary>
    Hello,

    /// <summary>The gate's flight was out, and nothing of the client's second one was in.</summary>
    Answered,

    /// <summary>Something of the client's second flight (Certificate, CertificateVerify, Finished) was in.</summary>
    ClientFlight,

    /// <summary>The handshake was done for the gate: in TLS 1.3 the client may still refuse.</summary>
    Done,
}

/// <summary>Everything that is known of a connection that came to no request.</summary>
public sealed record HandshakeCase
{
    public required HandshakeEnd End { get; init; }

    public required HandshakeStage Stage { get; init; }

    /// <summary>Chosen by SNI, or the address's default one.</summary>
    public required GateFacts Server { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>From the accept.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The time a client has: client_header_timeout.</summary>
    public TimeSpan Allowed { get; init; }

    public ClientHelloFacts? Hello { get; init; }

    /// <summary>The first bytes on the connection, at most 64.</summary>
    public ReadOnlyMemory<byte> FirstBytes { get; init; }

    public string? Sni { get; init; }

    public bool IsSniKnown { get; init; }

    public IReadOnlyList<string> NamesOfAddress { get; init; } = [];

    /// <summary>A CertificateRequest went out.</summary>
    public bool WasAsked { get; init; }

    /// <summary>libssl's own reason in its words, without library and number: <c>no shared cipher</c>, <c>tlsv1 alert unknown ca</c>; empty without.</summary>
    public string Error { get; init; } = "";

    /// <summary>SSL_R_* of <see cref="Error"/>; 0 without. Alerts of the client are 1000 and more.</summary>
    public int ErrorReason { get; init; }

    /// <summary>Alert number that the client sent; null without.</summary>
    public int? AlertReceived { get; init; }

    /// <summary>Alert number that the gate sent; null without.</summary>
    public int? AlertSent { get; init; }

    /// <summary>Negotiated, 0x0303 or 0x0304; 0 when it did not come to that.</summary>
    public int Version { get; init; }

    /// <summary>The leaf that the client sent, when it had come that far and could be read.</summary>
    public CertificateFacts? Leaf { get; init; }

    /// <summary>The context of nginx's line: <c>SSL handshaking</c>, <c>waiting for request</c>.</summary>
    public string NginxLine { get; init; } = "";

    public ClientHistory? History { get; init; }

    public bool HasProxyHeader { get; init; }

    /// <summary>Why the gate could not show a certificate of its own; empty where it could.</summary>
    public string CertificateProblem { get; init; } = "";

    /// <summary>The handshake ended over the client's Certificate message.</summary>
    public bool IsOverCertificate { get; init; }

    /// <summary>Bytes of chains that are taken: SSL_CTX_set_max_cert_list.</summary>
    public int MessageLimit { get; init; } = 100 * 1024;

    /// <summary>What the client seems to be, by its hello alone.</summary>
    public ClientGuess Client => Hello is null ? ClientGuess.Unknown : ClientGuess.OfHello(Hello);

    /// <summary>Number of the alert that the connection began with, in the place of a ClientHello; null without.</summary>
    public int? FirstAlert => Hello is null && FirstBytes.Span is [0x15, 3, _, 0, 2, _, var number, ..] ? number : null;

    /// <summary>The client has the gate's certificate and the request for its own, and has answered nothing.</summary>
    public bool IsAskedAndSilent => WasAsked && Stage == HandshakeStage.Answered;
}
