using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_proxy_module without TLS.</summary>
internal static class ProxyDirectives
{
    public static readonly Setting<IReadOnlyList<SetHeader>> SetHeaders = new([]);
    public static readonly Setting<IReadOnlyList<string>> HideHeaders = new([]);
    public static readonly Setting<IReadOnlyList<string>> PassHeaders = new([]);
    public static readonly Setting<IReadOnlyList<string>> IgnoreHeaders = new([]);
    public static readonly Setting<string> HttpVersion = new("1.1");
    public static readonly Setting<ComplexValue?> Method = new(null);
    public static readonly Setting<ComplexValue?> SetBody = new(null);
    public static readonly Setting<bool> PassRequestHeaders = new(true);
    public static readonly Setting<bool> PassRequestBody = new(true);
    /// <summary>Null is off.</summary>
    public static readonly Setting<IReadOnlyList<ProxyRedirect>?> Redirects = new(null);
    public static readonly Setting<IReadOnlyList<ProxyRedirect>?> CookieDomains = new(null);
    public static readonly Setting<IReadOnlyList<ProxyRedirect>?> CookiePaths = new(null);
    public static readonly Setting<IReadOnlyList<CookieFlags>?> CookieFlags = new(null);
    public static readonly Setting<bool> Buffering = new(true);
    public static readonly Setting<bool> RequestBuffering = new(true);
    public static readonly Setting<int> BufferSize = new(4096);
    public static readonly Setting<(int Count, int Size)> Buffers = new((8, 4096));
    public static readonly Setting<int> BusyBuffersSize = new(-1);
    public static readonly Setting<long> MaxTempFileSize = new(1L << 30);
    public static readonly Setting<string> TempPath = new("");
    public static readonly Setting<TimeSpan> ConnectTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<TimeSpan> SendTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<TimeSpan> ReadTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<IReadOnlyList<NextUpstream>> Next = new([NextUpstream.Error, NextUpstream.Timeout]);
    public static readonly Setting<int> NextTries = new(0);
    public static readonly Setting<TimeSpan> NextTimeout = new(TimeSpan.Zero);
    public static readonly Setting<bool> InterceptErrors = new(false);
    public static readonly Setting<bool> IgnoreClientAbort = new(false);
    public static readonly Setting<bool> SocketKeepalive = new(false);
    public static readonly Setting<bool> ForceRanges = new(false);
    public static readonly Setting<ComplexValue?> BindAddress = new(null);
    public static readonly Setting<ComplexValue?> LimitRate = new(null);

    private const Contexts Everywhere = Contexts.HttpServerLocation;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("proxy_pass", Contexts.Location | Contexts.LocationIf | Contexts.LimitExcept, "URL", "", ProxyPassDirective.Bind),
        new("proxy_redirect", Everywhere, 1, 2, "default | off | redirect replacement", "default", ProxyRewriteDirectives.BindRedirect),
        new("proxy_cookie_domain", Everywhere, 1, 2, "off | domain replacement", "off", call => ProxyRewriteDirectives.BindCookie(call, CookieDomains)),
        new("proxy_cookie_path", Everywhere, 1, 2, "off | path replacement", "off", call => ProxyRewriteDirectives.BindCookie(call, CookiePaths)),
        new("proxy_cookie_flags", Everywhere, 1, 4, "off | cookie [flag ...]", "off", ProxyRewriteDirectives.BindCookieFlags),
        new("proxy_set_header", Everywhere, 2, 2, "field value", "Host $proxy_host", BindSetHeader),
        One("proxy_hide_header", Everywhere, "field", "", call => call.Scope.Append(HideHeaders, call[1])),
        One("proxy_pass_header", Everywhere, "field", "", call => call.Scope.Append(PassHeaders, call[1])),
        new("proxy_ignore_headers", Everywhere, 1, Any, "field ...", "", Binders.Words(IgnoreHeaders,
            [.. ((string[])["X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset",
                "Expires", "Cache-Control", "Set-Cookie", "Vary"]).Select(name => (name, name.ToLowerInvariant()))])),
        One("proxy_http_version", Everywhere, "1.0 | 1.1", "1.1", Binders.Choice(HttpVersion, ("1.0", "1.0"), ("1.1", "1.1"))),
        One("proxy_method", Everywhere, "method", "", Binders.Complex(Method)),
        One("proxy_set_body", Everywhere, "value", "", Binders.Complex(SetBody)),
        Flag("proxy_pass_request_headers", Everywhere, true, PassRequestHeaders),
        Flag("proxy_pass_request_body", Everywhere, true, PassRequestBody),
        Flag("proxy_buffering", Everywhere, true, Buffering),
        Flag("proxy_request_buffering", Everywhere, true, RequestBuffering),
        One("proxy_buffer_size", Everywhere, "size", "4k|8k", Binders.Size(BufferSize)),
        new("proxy_buffers", Everywhere, 2, 2, "number size", "8 4k|8k", Binders.Buffers(Buffers)),
        One("proxy_busy_buffers_size", Everywhere, "size", "8k|16k", Binders.Size(BusyBuffersSize)),
        One("proxy_max_temp_file_size", Everywhere, "size", "1024m", BindMaxTempFileSize),
        new("proxy_temp_path", Everywhere, 1, 4, "path [level1 [level2 [level3]]]", "proxy_temp", Binders.Folder(TempPath)),
        One("proxy_connect_timeout", Everywhere, "time", "60s", Binders.Milliseconds(ConnectTimeout)),
        One("proxy_send_timeout", Everywhere, "time", "60s", Binders.Milliseconds(SendTimeout)),
        One("proxy_read_timeout", Everywhere, "time", "60s", Binders.Milliseconds(ReadTimeout)),
        new("proxy_next_upstream", Everywhere, 1, Any,
            "error | timeout | invalid_header | non_idempotent | http_500 | http_502 | http_503 | http_504 | http_403 | http_404 | http_429 | off ...",
            "error timeout", Binders.Words(Next,
            ("error", NextUpstream.Error), ("timeout", NextUpstream.Timeout), ("invalid_header", NextUpstream.InvalidHeader),
            ("non_idempotent", NextUpstream.NonIdempotent), ("http_500", NextUpstream.Http500), ("http_502", NextUpstream.Http502),
            ("http_503", NextUpstream.Http503), ("http_504", NextUpstream.Http504), ("http_403", NextUpstream.Http403),
            ("http_404", NextUpstream.Http404), ("http_429", NextUpstream.Http429), ("updating", NextUpstream.None), ("off", (NextUpstream)OffBit))),
        One("proxy_next_upstream_tries", Everywhere, "number", "0", Binders.Number(NextTries)),
        One("proxy_next_upstream_timeout", Everywhere, "time", "0", Binders.Milliseconds(NextTimeout)),
        Flag("proxy_intercept_errors", Everywhere, false, InterceptErrors),
        Flag("proxy_ignore_client_abort", Everywhere, false, IgnoreClientAbort),
        Flag("proxy_socket_keepalive", Everywhere, false, SocketKeepalive),
        Flag("proxy_force_ranges", Everywhere, false, ForceRanges),
        new("proxy_bind", Everywhere, 1, 2, "address | off", "", BindBind),
        One("proxy_limit_rate", Everywhere, "rate", "0", LocationDirectives.BindRate(LimitRate)),
    ];

    /// <summary><c>off</c> among the conditions of proxy_next_upstream: it silences the others.</summary>
    internal const int OffBit = 1 << 30;

    private static void BindSetHeader(DirectiveCall call)
    {
        if (call.Complex(2) is { } value)
        {
            call.Scope.Append(SetHeaders, new SetHeader(call[1], value));
        }
    }

    private static void BindMaxTempFileSize(DirectiveCall call)
    {
        if (call.Scope.Has(MaxTempFileSize))
        {
            call.IsDuplicate();
        }
        else if (Units.Size(call[1]) is { } size)
        {
            call.Scope.Set(MaxTempFileSize, size);
        }
        else
        {
            call.InvalidValue();
        }
    }

    private static void BindBind(DirectiveCall call)
    {
        if (call.Scope.Has(BindAddress))
        {
            call.IsDuplicate();
        }
        else if (call[1] == "off")
        {
            call.Scope.Set(BindAddress, null);
        }
        else if (call.Complex(1) is { } value)
        {
            if (value.Constant is not null && Resolve.ParsedUrl.DottedQuad(call[1].Split(':')[0]) is null
                && !(call[1].Contains(':') && System.Net.IPAddress.TryParse(call[1], out _)))
            {
                call.Fail("invalid-address", $"invalid address \"{call[1]}\"", 1);
                return;
            }
            if (call.Count == 2)
            {
                _ = call[2] == "transparent"
                    ? call.Fail("unsupported-parameter", "the \"transparent\" parameter of proxy_bind is not supported by Countersign yet", 2)
                    : call.InvalidParameter(2);
                return;
            }
            call.Scope.Set(BindAddress, value);
        }
    }
}
