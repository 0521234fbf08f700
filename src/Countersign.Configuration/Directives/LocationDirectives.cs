using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_core_module: what may be told to a location.</summary>
internal static class LocationDirectives
{
    public static readonly Setting<(string Text, ComplexValue Value, bool IsAlias, int AliasLength)?> Root = new(null);
    public static readonly Setting<long> ClientMaxBodySize = new(1 << 20);
    public static readonly Setting<int> ClientBodyBufferSize = new(16384);
    public static readonly Setting<TimeSpan> ClientBodyTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<ClientBodyInFileOnly> BodyInFileOnly = new(ClientBodyInFileOnly.Off);
    public static readonly Setting<bool> ClientBodyInSingleBuffer = new(false);
    public static readonly Setting<string> ClientBodyTempPath = new("");
    public static readonly Setting<TimeSpan> KeepaliveTimeout = new(TimeSpan.FromSeconds(75));
    public static readonly Setting<TimeSpan?> KeepaliveHeader = new(null);
    public static readonly Setting<int> KeepaliveRequests = new(1000);
    public static readonly Setting<TimeSpan> KeepaliveTime = new(TimeSpan.FromHours(1));
    public static readonly Setting<TimeSpan> KeepaliveMinTimeout = new(TimeSpan.Zero);
    public static readonly Setting<IReadOnlyList<string>> KeepaliveDisable = new(["msie6"]);
    public static readonly Setting<TimeSpan> SendTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<LingeringClose> Lingering = new(LingeringClose.On);
    public static readonly Setting<TimeSpan> LingeringTime = new(TimeSpan.FromSeconds(30));
    public static readonly Setting<TimeSpan> LingeringTimeout = new(TimeSpan.FromSeconds(5));
    public static readonly Setting<bool> ResetTimedoutConnection = new(false);
    public static readonly Setting<Satisfy> SatisfyMode = new(Satisfy.All);
    public static readonly Setting<bool> Internal = new(false);
    public static readonly Setting<string> DefaultType = new("text/plain");
    public static readonly Setting<IReadOnlyDictionary<string, string>?> Types = new(null);
    public static readonly Setting<IReadOnlyList<ErrorPage>> ErrorPages = new([]);
    public static readonly Setting<bool> RecursiveErrorPages = new(false);
    public static readonly Setting<(ServerTokens Mode, ComplexValue? Text)> Tokens = new((ServerTokens.On, null));
    public static readonly Setting<bool> AbsoluteRedirect = new(true);
    public static readonly Setting<bool> PortInRedirect = new(true);
    public static readonly Setting<bool> ServerNameInRedirect = new(false);
    public static readonly Setting<bool> MsiePadding = new(true);
    public static readonly Setting<bool> Etag = new(true);
    public static readonly Setting<IfModifiedSince> ModifiedSince = new(IfModifiedSince.Exact);
    public static readonly Setting<int> MaxRanges = new(int.MaxValue);
    public static readonly Setting<bool> ChunkedTransferEncoding = new(true);
    public static readonly Setting<bool> LogNotFound = new(true);
    public static readonly Setting<bool> LogSubrequest = new(false);
    public static readonly Setting<ComplexValue?> LimitRate = new(null);
    public static readonly Setting<ComplexValue?> LimitRateAfter = new(null);
    public static readonly Setting<bool> TcpNodelay = new(true);

    private const Contexts Everywhere = Contexts.HttpServerLocation;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        Block("location", Contexts.Server | Contexts.Location, 1, 2, "[= | ~ | ~* | ^~] uri | @name", LocationDirective.Bind),
        Block("limit_except", Contexts.Location, 1, Any, "method ...", LocationDirective.BindLimitExcept),
        One("root", Contexts.HttpServerLocationIf, "path", "html", BindRoot),
        One("alias", Contexts.Location, "path", "", BindRoot),
        One("client_max_body_size", Everywhere, "size", "1m", Binders.Offset(ClientMaxBodySize)),
        One("client_body_buffer_size", Everywhere, "size", "8k|16k", Binders.Size(ClientBodyBufferSize)),
        One("client_body_timeout", Everywhere, "time", "60s", Binders.Milliseconds(ClientBodyTimeout)),
        One("client_body_in_file_only", Everywhere, "on | clean | off", "off", Binders.Choice(BodyInFileOnly,
            ("off", ClientBodyInFileOnly.Off), ("on", ClientBodyInFileOnly.On), ("clean", ClientBodyInFileOnly.Clean))),
        Flag("client_body_in_single_buffer", Everywhere, false, ClientBodyInSingleBuffer),
        new("client_body_temp_path", Everywhere, 1, 4, "path [level1 [level2 [level3]]]", "client_body_temp", Binders.Folder(ClientBodyTempPath)),
        new("keepalive_timeout", Everywhere, 1, 2, "timeout [header_timeout]", "75s", BindKeepaliveTimeout),
        One("keepalive_requests", Everywhere, "number", "1000", Binders.Number(KeepaliveRequests)),
        One("keepalive_time", Everywhere, "time", "1h", Binders.Milliseconds(KeepaliveTime)),
        One("keepalive_min_timeout", Everywhere, "timeout", "0", Binders.Milliseconds(KeepaliveMinTimeout)),
        new("keepalive_disable", Everywhere, 1, 2, "none | browser ...", "msie6", Binders.Words(KeepaliveDisable,
            ("none", "none"), ("msie6", "msie6"), ("safari", "safari"))),
        One("send_timeout", Everywhere, "time", "60s", Binders.Milliseconds(SendTimeout)),
        One("lingering_close", Everywhere, "off | on | always", "on", Binders.Choice(Lingering,
            ("off", LingeringClose.Off), ("on", LingeringClose.On), ("always", LingeringClose.Always))),
        One("lingering_time", Everywhere, "time", "30s", Binders.Milliseconds(LingeringTime)),
        One("lingering_timeout", Everywhere, "time", "5s", Binders.Milliseconds(LingeringTimeout)),
        Flag("reset_timedout_connection", Everywhere, false, ResetTimedoutConnection),
        One("satisfy", Everywhere, "all | any", "all", Binders.Choice(SatisfyMode, ("all", Satisfy.All), ("any", Satisfy.Any))),
        new("internal", Contexts.Location, 0, 0, "", "", static call => call.Set(Internal, true)),
        One("default_type", Everywhere, "mime-type", "text/plain", Binders.Text(DefaultType)),
        Block("types", Everywhere, 0, 0, "", TypesDirective.Bind),
        new("error_page", Contexts.HttpServerLocationIf, 2, Any, "code ... [=[response]] uri", "", ErrorPageDirective.Bind),
        Flag("recursive_error_pages", Everywhere, false, RecursiveErrorPages),
        One("server_tokens", Everywhere, "on | off | build | string", "on", BindServerTokens),
        Flag("absolute_redirect", Everywhere, true, AbsoluteRedirect),
        Flag("port_in_redirect", Everywhere, true, PortInRedirect),
        Flag("server_name_in_redirect", Everywhere, false, ServerNameInRedirect),
        Flag("msie_padding", Everywhere, true, MsiePadding),
        Flag("etag", Everywhere, true, Etag),
        One("if_modified_since", Everywhere, "off | exact | before", "exact", Binders.Choice(ModifiedSince,
            ("off", IfModifiedSince.Off), ("exact", IfModifiedSince.Exact), ("before", IfModifiedSince.Before))),
        One("max_ranges", Everywhere, "number", "", Binders.Number(MaxRanges)),
        Flag("chunked_transfer_encoding", Everywhere, true, ChunkedTransferEncoding),
        Flag("log_not_found", Everywhere, true, LogNotFound),
        Flag("log_subrequest", Everywhere, false, LogSubrequest),
        One("limit_rate", Contexts.HttpServerLocationIf, "rate", "0", BindRate(LimitRate)),
        One("limit_rate_after", Contexts.HttpServerLocationIf, "size", "0", BindRate(LimitRateAfter)),
        Flag("tcp_nodelay", Everywhere, true, TcpNodelay),
    ];

    private static void BindRoot(DirectiveCall call)
    {
        var alias = call.Name == "alias";
        if (call.Scope.Own(Root) is { } earlier)
        {
            if (earlier.IsAlias == alias)
            {
                call.IsDuplicate();
            }
            else
            {
                call.FailDirective("duplicate-directive", $"is duplicate, \"{(earlier.IsAlias ? "alias" : "root")}\" directive was specified earlier", 0);
            }
            return;
        }
        var location = call.Scope as LocationScope;
        if (alias && location!.Kind == LocationKind.Named)
        {
            call.Fail("alias-in-named-location", "the \"alias\" directive cannot be used inside the named location", 0);
            return;
        }
        foreach (var variable in (ReadOnlySpan<string>)["document_root", "realpath_root"])
        {
            if (call[1].Contains("$" + variable, StringComparison.Ordinal) || call[1].Contains("${" + variable + "}", StringComparison.Ordinal))
            {
                call.Fail("root-of-itself", $"the ${variable} variable cannot be used in the \"{call.Name}\" directive", 1);
                return;
            }
        }
        var path = !alias && call[1].EndsWith('/') ? call[1][..^1] : call[1];
        // An empty path (root /) stays the root of the file system.
        path = path.StartsWith('$') || (path.Length == 0 && call[1].Length > 0) ? path : call.PrefixPath(path);
        var length = location?.Kind == LocationKind.Regex ? -1 : location?.Name.Length ?? 0;
        if (call.Complex(path) is { } value)
        {
            call.Scope.Set(Root, (path, value, alias, alias ? length : 0));
        }
    }

    private static void BindKeepaliveTimeout(DirectiveCall call)
    {
        if (call.Scope.Has(KeepaliveTimeout))
        {
            call.IsDuplicate();
            return;
        }
        if (Units.Time(call[1], seconds: false) is not { } timeout)
        {
            call.InvalidValue();
            return;
        }
        call.Scope.Set(KeepaliveTimeout, timeout);
        if (call.Count == 2)
        {
            if (Units.Time(call[2], seconds: true) is { } header)
            {
                call.Scope.Set(KeepaliveHeader, (TimeSpan?)header);
            }
            else
            {
                call.InvalidValue(2);
            }
        }
    }

    private static void BindServerTokens(DirectiveCall call)
    {
        if (call.Scope.Has(Tokens))
        {
            call.IsDuplicate();
            return;
        }
        (ServerTokens Mode, ComplexValue? Text) value = call[1].ToLowerInvariant() switch
        {
            "on" => (ServerTokens.On, null),
            "off" => (ServerTokens.Off, null),
            "build" => (ServerTokens.Build, null),
            // As NGINX Plus: anything else is the signature itself, and an empty one removes it.
            _ => (ServerTokens.Text, call.Complex(1)),
        };
        if (value is not (ServerTokens.Text, null))
        {
            call.Scope.Set(Tokens, value);
        }
    }

    /// <summary>A size that may be a variable.</summary>
    internal static Action<DirectiveCall> BindRate(Setting<ComplexValue?> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
        }
        else if (!ScriptCompiler.HasVariables(call[1]) && Units.Size(call[1]) is null)
        {
            call.InvalidValue();
        }
        else if (call.Complex(1) is { } value)
        {
            call.Scope.Set(setting, value);
        }
    };
}
