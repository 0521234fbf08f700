namespace Countersign.Native;

/// <summary>One pair of ssl_certificate and ssl_certificate_key: absolute paths, or <c>data:</c> and the PEM text.</summary>
public sealed record TlsKeyPair(string Certificate, string Key);

/// <summary>Everything of ngx_http_ssl_module that ends in an SSL_CTX. Defaults are nginx's.</summary>
public sealed class TlsServerOptions
{
    public IReadOnlyList<TlsKeyPair> Certificates { get; init; } = [];

    /// <summary>
    /// Certificates with variables, as written: <see cref="ITlsServerEvents.OnCertificate"/> is asked for each handshake, and
    /// <see cref="Certificates"/> is empty.
    /// </summary>
    public IReadOnlyList<string> VariableCertificates { get; init; } = [];

    /// <summary>Lines of ssl_password_file, tried in order; null without the directive, when OpenSSL asks at the terminal.</summary>
    public IReadOnlyList<byte[]>? Passwords { get; init; }

    public TlsProtocols Protocols { get; init; } = TlsProtocols.Tls12 | TlsProtocols.Tls13;

    public string Ciphers { get; init; } = "HIGH:!aNULL:!MD5";

    public bool PreferServerCiphers { get; init; }

    /// <summary>ssl_ecdh_curve: <c>auto</c> or a colon list.</summary>
    public string Groups { get; init; } = "auto";

    public string? DhParam { get; init; }

    public IReadOnlyList<(string Name, string Value)> ConfCommands { get; init; } = [];

    /// <summary>The configuration's folder, from which path values of <see cref="ConfCommands"/> are meant; null when they are absolute.</summary>
    public string? ConfigurationFolder { get; init; }

    public TlsVerifyMode VerifyMode { get; init; }

    public int VerifyDepth { get; init; } = 1;

    public string? ClientCertificate { get; init; }

    public string? TrustedCertificate { get; init; }

    public string? Crl { get; init; }

    /// <summary>nginx's complaint of ssl_ocsp, which libssl has no part in: it comes when the files before it are read.</summary>
    public string? OcspFault { get; init; }

    public bool SessionTickets { get; init; } = true;

    /// <summary>Contents of ssl_session_ticket_key files, 48 or 80 bytes each; the first encrypts. Taken once, after the certificates.</summary>
    public IEnumerable<byte[]> TicketKeys { get; init; } = [];

    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public TlsSessionCacheMode SessionCacheMode { get; init; } = TlsSessionCacheMode.None;

    /// <summary>How many sessions <c>builtin</c> keeps for this context alone; 0 is 20480.</summary>
    public int BuiltinCacheSize { get; init; }

    /// <summary>The store of <c>shared:NAME:SIZE</c>.</summary>
    public TlsSessionCache? SessionCache { get; init; }

    /// <summary>Where sessions of TLS 1.3 stay while clients hold tickets that only name them; null gives tickets that hold the session, as nginx.</summary>
    public TlsSessionCache? TicketSessions { get; init; }

    /// <summary>ssl_verify_cache; null is off.</summary>
    public TlsVerifyCache? VerifyCache { get; init; }

    /// <summary>As nginx: a session is resumed although its client would be refused by now, or was verified under another trust.</summary>
    public bool ResumesAcrossTrust { get; init; }

    /// <summary>What nginx hashes first into the session id context, before certificates and client CAs.</summary>
    public ReadOnlyMemory<byte> SessionIdContext { get; init; } = "HTTP"u8.ToArray();

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>ssl_session_cache. Builtin and Shared may stand together.</summary>
[Flags]
public enum TlsSessionCacheMode
{
    /// <summary>The client is told it may reuse, and nothing is kept.</summary>
    None = 0,

    /// <summary>Reuse is refused outright.</summary>
    Off = 1,
    Builtin = 2,
    Shared = 4,
}
