namespace Countersign.Configuration;

/// <summary>A <c>server</c> block.</summary>
public sealed class ServerPlan
{
    public int Id { get; init; }
    /// <summary>First <c>server_name</c> as <c>$server_name</c> shows it (wildcards and patterns as written), or empty.</summary>
    public required string Name { get; init; }
    public required SourcePosition Position { get; init; }
    public required ServerSettings Settings { get; init; }
    /// <summary>Merged <c>ssl_*</c>; present whether or not a listen has <c>ssl</c>.</summary>
    public required SslSettings Ssl { get; init; }
    /// <summary>set, if, rewrite, return, break of the server block.</summary>
    public required IReadOnlyList<RewriteStep> Rewrite { get; init; }
    public bool RewriteLog { get; init; }
    public RefusalSettings Refusals { get; init; } = new();
    /// <summary>The location settings of the server itself: in force until a location is found.</summary>
    public LocationPlan Root { get; internal set; } = null!;
    public override string ToString() => Name;
}

/// <summary>Core directives that belong to http and server only.</summary>
public sealed class ServerSettings
{
    public TimeSpan ClientHeaderTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public int ClientHeaderBufferSize { get; init; } = 1024;
    public int LargeClientHeaderBuffersCount { get; init; } = 4;
    public int LargeClientHeaderBuffersSize { get; init; } = 8192;
    /// <summary>nginx 1.29: <c>max_headers</c>, 1000.</summary>
    public int MaxHeaders { get; init; } = 1000;
    public bool IgnoreInvalidHeaders { get; init; } = true;
    public bool UnderscoresInHeaders { get; init; }
    public bool MergeSlashes { get; init; } = true;
}

public enum VerifyClient { Off, On, Optional, OptionalNoCa }

[Flags]
public enum TlsVersions { None = 0, Ssl2 = 1, Ssl3 = 2, Tls10 = 4, Tls11 = 8, Tls12 = 16, Tls13 = 32 }

/// <summary>ngx_http_ssl_module.</summary>
public sealed class SslSettings
{
    /// <summary>
    /// In order; keys are parallel to certificates. Absolute paths or <c>data:</c>; with variables, as far as the text tells, a path
    /// beside the configuration.
    /// </summary>
    public IReadOnlyList<ComplexValue> Certificates { get; init; } = [];
    public IReadOnlyList<ComplexValue> CertificateKeys { get; init; } = [];
    /// <summary>At least one name has variables: nothing is read before a handshake.</summary>
    public bool HasVariableCertificates { get; init; }
    /// <summary>ssl_certificate_cache; servers that inherit it share it.</summary>
    public SslCertificateCache? CertificateCache { get; init; }
    /// <summary>Lines of <c>ssl_password_file</c>, tried in order; null without the directive.</summary>
    public IReadOnlyList<byte[]>? Passwords { get; init; }
    public TlsVersions Protocols { get; init; } = TlsVersions.Tls12 | TlsVersions.Tls13;
    public string Ciphers { get; init; } = "HIGH:!aNULL:!MD5";
    public bool PreferServerCiphers { get; init; }
    /// <summary><c>auto</c> or an OpenSSL group list.</summary>
    public string EcdhCurve { get; init; } = "auto";
    public string? DhParam { get; init; }
    public IReadOnlyList<(string Name, string Value)> ConfCommands { get; init; } = [];
    public int BufferSize { get; init; } = 16384;
    public bool RejectHandshake { get; init; }
    public VerifyClient VerifyClient { get; init; }
    public int VerifyDepth { get; init; } = 1;
    /// <summary>Where those stand that are written; a refusal names the line to change.</summary>
    public SourcePosition? VerifyClientAt { get; init; }
    public SourcePosition? VerifyDepthAt { get; init; }
    /// <summary>There is nothing to verify clients against.</summary>
    public ConfigurationProblem? VerifyFault { get; init; }
    public SourcePosition? ClientCertificateAt { get; init; }
    /// <summary>Of the first certificate.</summary>
    public SourcePosition? CertificateAt { get; init; }
    public SourcePosition? TrustedCertificateAt { get; init; }
    public SourcePosition? CrlAt { get; init; }
    public string? ClientCertificate { get; init; }
    public string? TrustedCertificate { get; init; }
    public string? Crl { get; init; }
    /// <summary>ssl_ocsp; null where nobody is asked.</summary>
    public OcspPlan? Ocsp { get; init; }
    public required SslSessionCache SessionCache { get; init; }
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(5);
    public bool SessionTickets { get; init; } = true;
    public IReadOnlyList<string> SessionTicketKeys { get; init; } = [];
    public SslVerifyCache VerifyCache { get; init; } = SslVerifyCache.Default;
    /// <summary><c>compatibility nginx</c>: sessions and other names' verdicts count as they do under nginx.</summary>
    public bool NginxCompatibility { get; init; }
    public SourcePosition? NginxCompatibilityAt { get; init; }
    /// <summary>Where the first ssl_ directive or the server stands, for errors.</summary>
    public SourcePosition? Position { get; init; }
}

/// <summary>ssl_session_cache: <c>none</c> (the default), <c>off</c>, <c>builtin[:size]</c>, <c>shared:name:size</c>.</summary>
public sealed record SslSessionCache(bool Off, bool None, int BuiltinSize, string? SharedName, long SharedSize)
{
    /// <summary>nginx's default: the client is told it may reuse, and nothing is kept.</summary>
    public static SslSessionCache NoneDefault { get; } = new(false, true, 0, null, 0);
}

/// <summary>ssl_certificate_cache: certificates and keys by the names that variables gave them. Each directive is a cache of its own.</summary>
public sealed class SslCertificateCache(int maximum, TimeSpan inactive, TimeSpan valid)
{
    public int Maximum => maximum;
    public TimeSpan Inactive => inactive;
    public TimeSpan Valid => valid;
}

/// <summary>ssl_verify_cache: what is remembered of chains that were verified; no name is <c>off</c>.</summary>
public sealed record SslVerifyCache(string? Name, long Size)
{
    public static SslVerifyCache Default { get; } = new("verify", 1 << 20);
}
