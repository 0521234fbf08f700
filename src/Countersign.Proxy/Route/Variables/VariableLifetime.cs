namespace Countersign.Proxy.Route.Variables;

/// <summary>Which of nginx's variables are worked out again each time they are asked for (<c>NGX_HTTP_VAR_NOCACHEABLE</c>).
/// All others keep their first value through the request, also where that shows: $bytes_sent in a header stays what it was.</summary>
internal static class VariableLifetime
{
    private static readonly HashSet<string> Fleeting = new(StringComparer.Ordinal)
    {
        "uri", "document_uri", "document_root", "realpath_root", "query_string", "args", "is_args", "request_filename",
        "request_method", "request_length", "request_time", "status", "limit_rate", "connection_time", "msec", "time_iso8601",
        "time_local", "proxy_host", "proxy_port", "proxy_internal_body_length", "proxy_internal_chunked", "ssl_early_data",
    };

    private static readonly string[] FleetingFamilies = ["arg_", "tcpinfo_", "upstream_"];

    public static bool IsWholeRequest(string name) =>
        !Fleeting.Contains(name) && !FleetingFamilies.Any(family => name.StartsWith(family, StringComparison.Ordinal));
}
