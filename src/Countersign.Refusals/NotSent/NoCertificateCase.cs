namespace Countersign.Refusals;

/// <summary>Everything that is known of a request that was refused without a certificate, or because it reached a server other than the one that asked.</summary>
public sealed record NoCertificateCase
{
    /// <summary>421, 496 or 497 as nginx decided it.</summary>
    public required int Status { get; init; }

    /// <summary>The server of the handshake: chosen by SNI, or the address's default one.</summary>
    public required GateFacts Handshake { get; init; }

    /// <summary>The server that the Host addresses, which refused.</summary>
    public required GateFacts Addressed { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>All names that servers of this address have, as written.</summary>
    public IReadOnlyList<string> NamesOfAddress { get; init; } = [];

    /// <summary>Null when it was not captured: a second request, or no TLS.</summary>
    public ClientHelloFacts? Hello { get; init; }

    /// <summary>Name by SNI; null without.</summary>
    public string? Sni { get; init; }

    /// <summary>A server of the address has that name.</summary>
    public bool IsSniKnown { get; init; }

    /// <summary>0x0303, 0x0304; 0 without TLS.</summary>
    public int Version { get; init; }

    public bool IsTls13 => Version == 0x0304;

    /// <summary>A CertificateRequest went out in this handshake.</summary>
    public bool WasAsked { get; init; }

    /// <summary>The handshake resumed a session.</summary>
    public bool IsResumed { get; init; }

    /// <summary>When that session was made; null when it is not resumed.</summary>
    public DateTimeOffset? SessionAt { get; init; }

    /// <summary>The certificate in force came with that session or this handshake; null without.</summary>
    public CertificateFacts? Leaf { get; init; }

    /// <summary>From the end of the gate's flight to the client's answer; null when it was not measured.</summary>
    public TimeSpan? AnsweredAfter { get; init; }

    /// <summary>Round trip of the connection as the kernel has it; null when unknown.</summary>
    public TimeSpan? RoundTrip { get; init; }

    public RequestFacts Request { get; init; } = new();

    public ClientHistory? History { get; init; }

    /// <summary>The connection began with a PROXY protocol header: a balancer is in front.</summary>
    public bool HasProxyHeader { get; init; }

    /// <summary>A reload has replaced the plan of this connection; the newest one asks.</summary>
    public bool IsByNewPlan { get; init; }

    /// <summary>Of 421: the server of the handshake trusts the same, and has another ssl_ocsp.</summary>
    public bool IsStatusUnknown { get; init; }

    /// <summary>Of 421: the server that the client named has no certificate of its own, so that the default server's settings verified it.</summary>
    public bool IsLedByDefault { get; init; }

    /// <summary>When the plan in force was loaded.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>The other servers of the configuration that ask.</summary>
    public IReadOnlyList<TrustFacts> OtherServers { get; init; } = [];

    /// <summary>What the client seems to be.</summary>
    public ClientGuess Client => ClientGuess.Of(Request.UserAgent, Hello);

    /// <summary>Longer than most machines take by themselves, and shorter than people do.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(2);

    /// <summary>A program that has just started may take more than a second, on a busy machine some (docs/guide/clients.md): from here on none does.</summary>
    public static TimeSpan LongPause { get; } = TimeSpan.FromSeconds(4);

    /// <summary>Somebody was asked, or a device: however far away a machine is, its answer takes a few round trips.</summary>
    public bool IsSlowAnswer => AnsweredAfter is { } wait && wait >= Pause && wait >= 4 * (RoundTrip ?? TimeSpan.Zero);

    /// <summary>So long that nothing but waiting explains it.</summary>
    public bool IsLongAnswer => IsSlowAnswer && AnsweredAfter >= LongPause;

    /// <summary>The handshake was led by another server than the one that refused.</summary>
    public bool IsLedElsewhere => Handshake.At != Addressed.At;
}
