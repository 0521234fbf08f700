namespace Countersign.Configuration.Directives;

/// <summary>Every directive that is understood, by module and by name.</summary>
internal static class DirectiveTable
{
    public static IReadOnlyList<(string Module, IReadOnlyList<DirectiveRow> Rows)> Modules { get; } =
    [
        Module("ngx_core_module", [.. CoreDirectives.Rows, .. WorkerDirectives.Rows]),
        Module("ngx_event_core_module", EventDirectives.Rows),
        Module("ngx_http_core_module", [.. HttpCoreDirectives.Rows, .. LocationDirectives.Rows]),
        Module("ngx_http_ssl_module", SslDirectives.Rows),
        Module("countersign", [.. CountersignDirectives.Rows, .. RefusalDirectives.Rows]),
        Module("ngx_http_proxy_module", [.. ProxyDirectives.Rows, .. ProxySslDirectives.Rows]),
        Module("ngx_http_upstream_module", UpstreamDirectives.Rows),
        Module("ngx_http_rewrite_module", RewriteDirectives.Rows),
        Module("ngx_http_map_module", MapDirectives.Rows),
        Module("ngx_http_access_module", AccessDirectives.Rows),
        Module("ngx_http_headers_module", HeadersDirectives.Rows),
        Module("ngx_http_index_module", ContentDirectives.IndexRows),
        Module("ngx_http_try_files_module", ContentDirectives.TryFilesRows),
        Module("ngx_http_log_module", LogDirectives.Rows),
        Module("nginx internals", IgnoredDirectives.Rows),
    ];

    private static readonly Dictionary<string, DirectiveRow[]> ByName =
        Modules.SelectMany(module => module.Rows).GroupBy(row => row.Name).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    public static IEnumerable<string> Names => ByName.Keys;

    public static IReadOnlyList<DirectiveRow> Find(string name) => ByName.TryGetValue(name, out var rows) ? rows : [];

    private static (string, IReadOnlyList<DirectiveRow>) Module(string name, IEnumerable<DirectiveRow> rows) =>
        (name, [.. rows.Select(row => row with { Module = name })]);
}
