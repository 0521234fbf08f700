using System.Net;

namespace Countersign.Configuration;

/// <summary>An <c>upstream</c> block, or the one a constant <c>proxy_pass</c> implies.</summary>
public sealed class UpstreamPlan
{
    public int Id { get; init; }
    public required string Name { get; init; }
    /// <summary>False for one implied by proxy_pass.</summary>
    public bool IsNamed { get; init; }
    public required IReadOnlyList<UpstreamServerPlan> Servers { get; init; }
    /// <summary>zone: what is known of its servers is known to all loops; otherwise each finds out for itself, as nginx's workers do.</summary>
    public bool IsShared { get; init; }
    /// <summary>keepalive N; 0 keeps no idle connection. nginx 1.29.7 and later keep 32 where nothing is said.</summary>
    public int Keepalive { get; init; } = 32;
    /// <summary>nginx 1.29.7: idle connections are used only by locations with the same settings.</summary>
    public bool KeepaliveLocal { get; init; }
    public int KeepaliveRequests { get; init; } = 1000;
    public TimeSpan KeepaliveTime { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public BalancePlan Balance { get; init; } = BalancePlan.RoundRobin;
    public SourcePosition? Position { get; init; }
}

/// <summary>How a server is chosen. <see cref="RandomTwo"/>: the one with fewer connections of two chosen by chance.</summary>
public enum BalanceKind { RoundRobin, LeastConnections, IpHash, Hash, Random, RandomTwo }

/// <summary>hash, ip_hash, least_conn, random, or nothing of the kind.</summary>
/// <param name="Key">Of hash.</param>
/// <param name="Consistent">hash ... consistent: the ketama ring.</param>
/// <param name="Position">Where the method stands, or null.</param>
public sealed record BalancePlan(BalanceKind Kind, ComplexValue? Key, bool Consistent, SourcePosition? Position)
{
    public static BalancePlan RoundRobin { get; } = new(BalanceKind.RoundRobin, null, false, null);
}

/// <summary>One <c>server</c> line; a name that resolves to several addresses is several peers.</summary>
public sealed class UpstreamServerPlan
{
    /// <summary>As written: <c>$upstream_addr</c> shows the address, logs the name.</summary>
    public required string Name { get; init; }
    /// <summary><see cref="IPEndPoint"/> or <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    public required IReadOnlyList<EndPoint> Addresses { get; init; }
    public int Weight { get; init; } = 1;
    public int MaxFails { get; init; } = 1;
    public TimeSpan FailTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public int MaxConnections { get; init; }
    public bool Backup { get; init; }
    public bool Down { get; init; }
}

/// <summary>proxy_pass of one location.</summary>
public sealed class ProxyPassPlan
{
    public required SourcePosition Position { get; init; }
    /// <summary>Constant target: the upstream to use. Null when the URL has variables.</summary>
    public UpstreamPlan? Upstream { get; init; }
    /// <summary>Constant target: https.</summary>
    public bool Ssl { get; init; }
    /// <summary>Constant target: host[:port] as written, for <c>$proxy_host</c> and the default Host header.</summary>
    public string Host { get; init; } = "";
    /// <summary>$proxy_port.</summary>
    public string Port { get; init; } = "";
    /// <summary>The URI part (constant target), or null when the URL has none: then the request's own URI goes as it came.</summary>
    public string? Uri { get; init; }
    /// <summary>The whole URL when it has variables.</summary>
    public ComplexValue? Url { get; init; }
    /// <summary>The prefix of the location that <see cref="Uri"/> replaces.</summary>
    public string LocationPrefix { get; init; } = "";
}

/// <summary>proxy_cookie_flags: cookies of one name, or of names that a pattern finds, and the flags as they are written.</summary>
public sealed record CookieFlags(ComplexValue? Name, RegexPlan? Pattern, IReadOnlyList<ComplexValue> Flags);

[Flags]
public enum NextUpstream
{
    None = 0, Error = 1, Timeout = 2, InvalidHeader = 4, NonIdempotent = 8,
    Http500 = 16, Http502 = 32, Http503 = 64, Http504 = 128, Http403 = 256, Http404 = 512, Http429 = 1024,
}

/// <summary>ngx_http_proxy_module.</summary>
public sealed class ProxySettings
{
    /// <summary>proxy_set_header lines only (nginx's own defaults, Host and Connection, are the engine's). An empty value omits the header.</summary>
    public IReadOnlyList<SetHeader> SetHeaders { get; init; } = [];
    public IReadOnlyList<string> HideHeaders { get; init; } = [];
    public IReadOnlyList<string> PassHeaders { get; init; } = [];
    /// <summary>X-Accel-..., Expires, Cache-Control, Set-Cookie, Vary, in lower case.</summary>
    public IReadOnlyList<string> IgnoreHeaders { get; init; } = [];
    /// <summary>"1.0" or "1.1"; nginx 1.29.7 and later default to 1.1.</summary>
    public string HttpVersion { get; init; } = "1.1";
    public string? Method { get; init; }
    public ComplexValue? MethodValue { get; init; }
    public ComplexValue? SetBody { get; init; }
    public bool PassRequestHeaders { get; init; } = true;
    public bool PassRequestBody { get; init; } = true;
    /// <summary>Null is <c>off</c>. The <c>default</c> rule has been worked out.</summary>
    public IReadOnlyList<ProxyRedirect>? Redirects { get; init; }
    public IReadOnlyList<ProxyRedirect> CookieDomains { get; init; } = [];
    public IReadOnlyList<ProxyRedirect> CookiePaths { get; init; } = [];
    public IReadOnlyList<CookieFlags> CookieFlags { get; init; } = [];
    public bool Buffering { get; init; } = true;
    public bool RequestBuffering { get; init; } = true;
    public int BufferSize { get; init; } = 4096;
    public int BuffersCount { get; init; } = 8;
    public int BuffersSize { get; init; } = 4096;
    public int BusyBuffersSize { get; init; } = 8192;
    public long MaxTempFileSize { get; init; } = 1L << 30;
    /// <summary>Absolute folder.</summary>
    public required string TempPath { get; init; }
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public NextUpstream NextUpstream { get; init; } = NextUpstream.Error | NextUpstream.Timeout;
    public int NextUpstreamTries { get; init; }
    public TimeSpan NextUpstreamTimeout { get; init; }
    public bool InterceptErrors { get; init; }
    public bool IgnoreClientAbort { get; init; }
    public bool SocketKeepalive { get; init; }
    public bool ForceRanges { get; init; }
    /// <summary>proxy_allow_upstream and proxy_bind are accepted when the table has them; null is off.</summary>
    public ComplexValue? Bind { get; init; }
    public ComplexValue? LimitRate { get; init; }
    public required ProxySslSettings Ssl { get; init; }
}

public sealed record SetHeader(string Name, ComplexValue Value);

/// <summary>proxy_redirect, proxy_cookie_domain, proxy_cookie_path: constant-with-variables or a pattern, to a replacement.</summary>
public sealed record ProxyRedirect(ComplexValue? From, RegexPlan? Pattern, ComplexValue To);

/// <summary>proxy_ssl_*.</summary>
public sealed class ProxySslSettings
{
    /// <summary>May mention variables; an empty value is no certificate.</summary>
    public ComplexValue? Certificate { get; init; }
    public ComplexValue? CertificateKey { get; init; }
    /// <summary>Locations that inherit it share it.</summary>
    public SslCertificateCache? CertificateCache { get; init; }
    public IReadOnlyList<byte[]>? Passwords { get; init; }
    public TlsVersions Protocols { get; init; } = TlsVersions.Tls12 | TlsVersions.Tls13;
    public string Ciphers { get; init; } = "DEFAULT";
    public IReadOnlyList<(string Name, string Value)> ConfCommands { get; init; } = [];
    public bool SessionReuse { get; init; } = true;
    /// <summary>Null: <c>$proxy_host</c>.</summary>
    public ComplexValue? Name { get; init; }
    public bool ServerName { get; init; }
    public bool Verify { get; init; }
    public int VerifyDepth { get; init; } = 1;
    public string? TrustedCertificate { get; init; }
    public string? Crl { get; init; }
}
