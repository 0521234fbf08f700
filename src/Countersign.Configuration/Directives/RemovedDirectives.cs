namespace Countersign.Configuration.Directives;

/// <summary>Directives that nginx itself no longer has, with what is written in their place.</summary>
internal static class RemovedDirectives
{
    public static string? Advice(string name) => name switch
    {
        "ssl" => "nginx removed this directive in 1.25.1: write \"listen ... ssl\".",
        "limit_zone" => "nginx removed this directive: its place is taken by limit_conn_zone.",
        "http2_push" or "http2_push_preload" or "http2_max_concurrent_pushes" => "nginx removed HTTP/2 push: leave the line out.",
        "spdy_headers_comp" or "spdy_chunk_size" => "nginx removed SPDY: leave the line out.",
        _ => null,
    };
}
