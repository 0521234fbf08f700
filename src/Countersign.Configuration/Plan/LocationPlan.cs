namespace Countersign.Configuration;

public enum LocationKind { Server, Prefix, PrefixFinal, Exact, Regex, Named, If, LimitExcept }

/// <summary>A <c>location</c>, or what acts as one: the server block itself, an <c>if</c> or <c>limit_except</c> block.
/// Everything in it is merged with what it inherits.</summary>
public sealed class LocationPlan
{
    public int Id { get; init; }
    public required LocationKind Kind { get; init; }
    /// <summary>The prefix, the exact path, <c>@name</c>, or the pattern as written.</summary>
    public required string Name { get; init; }
    public required SourcePosition Position { get; init; }
    public RegexPlan? Pattern { get; init; }
    public required ServerPlan Server { get; init; }

    /// <summary>Prefix (both kinds) and exact children.</summary>
    public IReadOnlyList<LocationPlan> Children { get; init; } = [];
    /// <summary>Regular expression children, in order of the file.</summary>
    public IReadOnlyList<LocationPlan> RegexChildren { get; init; } = [];
    /// <summary>Named children (of a server's root only).</summary>
    public IReadOnlyList<LocationPlan> NamedChildren { get; init; } = [];

    public IReadOnlyList<RewriteStep> Rewrite { get; init; } = [];
    public bool RewriteLog { get; init; }
    public bool UninitializedVariableWarn { get; init; } = true;

    public required CoreSettings Core { get; init; }
    public required HeaderSettings Headers { get; init; }
    public required AccessSettings Access { get; init; }
    public required LogSettings Log { get; init; }
    public required ContentSettings Content { get; init; }
    /// <summary>Merged proxy_* settings, whether or not this location passes.</summary>
    public required ProxySettings Proxy { get; init; }
    /// <summary>The content handler: where <c>proxy_pass</c> of this very location goes, or null.</summary>
    public ProxyPassPlan? ProxyPass { get; init; }
    /// <summary>limit_except: methods that are NOT limited, and the settings for all the others.</summary>
    public IReadOnlyList<string> LimitExceptMethods { get; init; } = [];
    public LocationPlan? LimitExcept { get; init; }

    /// <summary>A prefix ending in a slash with a handler: a request without that slash is redirected, as nginx does.</summary>
    public bool AutoRedirect { get; init; }
    /// <summary>For an <c>if</c> block: no name of its own.</summary>
    public bool IsUnnamed => Kind is LocationKind.If or LocationKind.LimitExcept;
}

public enum ClientBodyInFileOnly { Off, On, Clean }
public enum LingeringClose { Off, On, Always }
public enum IfModifiedSince { Off, Exact, Before }
public enum Satisfy { All, Any }
public enum ServerTokens { On, Off, Build, Text }

/// <summary>ngx_http_core_module, location level.</summary>
public sealed class CoreSettings
{
    /// <summary><c>root</c> or <c>alias</c>; a relative one has been put under the prefix (constant part only).</summary>
    public required ComplexValue Root { get; init; }
    public bool IsAlias { get; init; }
    /// <summary>Bytes of the URI that an alias replaces: the prefix of the location that has it. -1 in a location given by a
    /// regular expression: the alias is the whole file name.</summary>
    public int AliasLength { get; init; }
    public long ClientMaxBodySize { get; init; } = 1 << 20;
    public int ClientBodyBufferSize { get; init; } = 16384;
    public TimeSpan ClientBodyTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public ClientBodyInFileOnly ClientBodyInFileOnly { get; init; }
    public bool ClientBodyInSingleBuffer { get; init; }
    /// <summary>Absolute folder.</summary>
    public required string ClientBodyTempPath { get; init; }
    public TimeSpan KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(75);
    public TimeSpan? KeepaliveHeader { get; init; }
    public int KeepaliveRequests { get; init; } = 1000;
    public TimeSpan KeepaliveTime { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan KeepaliveMinTimeout { get; init; }
    public bool KeepaliveDisableMsie6 { get; init; } = true;
    public bool KeepaliveDisableSafari { get; init; }
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public LingeringClose LingeringClose { get; init; } = LingeringClose.On;
    public TimeSpan LingeringTime { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan LingeringTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public bool ResetTimedoutConnection { get; init; }
    public Satisfy Satisfy { get; init; }
    public bool Internal { get; init; }
    public string DefaultType { get; init; } = "text/plain";
    /// <summary>Extension in lower case, without dot, to media type.</summary>
    public required IReadOnlyDictionary<string, string> Types { get; init; }
    public IReadOnlyList<ErrorPage> ErrorPages { get; init; } = [];
    public bool RecursiveErrorPages { get; init; }
    public ServerTokens ServerTokens { get; init; } = ServerTokens.On;
    /// <summary>With <see cref="ServerTokens.Text"/>; empty removes the header.</summary>
    public ComplexValue? ServerTokensText { get; init; }
    public bool AbsoluteRedirect { get; init; } = true;
    public bool PortInRedirect { get; init; } = true;
    public bool ServerNameInRedirect { get; init; }
    public bool MsiePadding { get; init; } = true;
    public bool Etag { get; init; } = true;
    public IfModifiedSince IfModifiedSince { get; init; } = IfModifiedSince.Exact;
    public int MaxRanges { get; init; } = int.MaxValue;
    public bool ChunkedTransferEncoding { get; init; } = true;
    public bool LogNotFound { get; init; } = true;
    public bool LogSubrequest { get; init; }
    public ComplexValue? LimitRate { get; init; }
    public ComplexValue? LimitRateAfter { get; init; }
    public bool TcpNodelay { get; init; } = true;
    public required IReadOnlyList<ErrorLogTarget> ErrorLogs { get; init; }
}

/// <summary>error_page for one status.</summary>
/// <param name="Status">The status that is caught (495, 404, ...).</param>
/// <param name="Overwrite">-1: keep the status; 0: <c>=</c>, take what the target answers; otherwise the new status.</param>
/// <param name="Target">URI, <c>@name</c> or absolute URL.</param>
public sealed record ErrorPage(int Status, int Overwrite, ComplexValue Target);

/// <summary>ngx_http_headers_module.</summary>
public sealed class HeaderSettings
{
    public IReadOnlyList<AddHeader> AddHeaders { get; init; } = [];
    public IReadOnlyList<AddHeader> AddTrailers { get; init; } = [];
    public ExpiresKind Expires { get; init; }
    public TimeSpan ExpiresTime { get; init; }
    /// <summary>expires $variable: parsed for each response.</summary>
    public ComplexValue? ExpiresValue { get; init; }
}

public sealed record AddHeader(string Name, ComplexValue Value, bool Always)
{
    public byte[] NameBytes { get; } = ByteText.ToBytes(Name);
}

public enum ExpiresKind { Off, Epoch, Max, Access, Modified, Daily }

/// <summary>ngx_http_access_module.</summary>
public sealed class AccessSettings
{
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];
}

/// <summary>allow or deny; a null network is <c>all</c>, or <c>unix:</c> with <see cref="Unix"/>.</summary>
public sealed record AccessRule(bool Allow, System.Net.IPNetwork? Network, bool Unix);

/// <summary>ngx_http_index_module, try_files, static files.</summary>
public sealed class ContentSettings
{
    public IReadOnlyList<ComplexValue> Index { get; init; } = [];
    public TryFilesPlan? TryFiles { get; init; }
}

/// <summary>try_files: candidates in order, then a URI, <c>@name</c> or a status.</summary>
public sealed record TryFilesPlan(IReadOnlyList<TryFile> Files, ComplexValue? Fallback, int FallbackStatus);

/// <param name="Value">Path under root.</param>
/// <param name="IsDirectory">Written with a trailing slash (which is removed from the value).</param>
public sealed record TryFile(ComplexValue Value, bool IsDirectory);

/// <summary>ngx_http_log_module.</summary>
public sealed class LogSettings
{
    public IReadOnlyList<AccessLogPlan> AccessLogs { get; init; } = [];
}

public sealed class AccessLogPlan
{
    /// <summary>Absolute path; with variables it is evaluated for each request.</summary>
    public required ComplexValue Path { get; init; }
    public required LogFormatPlan Format { get; init; }
    public ComplexValue? If { get; init; }
    public int BufferSize { get; init; }
    public TimeSpan? Flush { get; init; }
}

public enum LogEscape { Default, Json, None }

/// <summary>A log_format; <c>combined</c> is always there.</summary>
public sealed record LogFormatPlan(string Name, LogEscape Escape, ComplexValue Value);
