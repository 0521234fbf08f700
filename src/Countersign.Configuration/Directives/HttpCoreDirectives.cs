using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_core_module: servers and what is told to http and server only.</summary>
internal static class HttpCoreDirectives
{
    public static readonly Setting<TimeSpan> ClientHeaderTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<int> ClientHeaderBufferSize = new(1024);
    public static readonly Setting<(int Count, int Size)> LargeClientHeaderBuffers = new((4, 8192));
    public static readonly Setting<int> MaxHeaders = new(1000);
    public static readonly Setting<bool> IgnoreInvalidHeaders = new(true);
    public static readonly Setting<bool> MergeSlashes = new(true);
    public static readonly Setting<bool> UnderscoresInHeaders = new(false);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        ErrorLogDirective.Row,
        Block("server", Contexts.Http, 0, 0, "", BindServer),
        new("listen", Contexts.Server, 1, Any,
            "address[:port] | port | unix:path [default_server] [ssl] [proxy_protocol] [backlog=number] [rcvbuf=size] [sndbuf=size] [deferred] [bind] [ipv6only=on|off] [reuseport] [so_keepalive=on|off|[keepidle]:[keepintvl]:[keepcnt]]",
            "*:80 | *:8000", ListenDirective.Bind),
        new("server_name", Contexts.Server, 1, Any, "name ...", "\"\"", ServerNameDirective.Bind),
        One("client_header_timeout", Contexts.HttpServer, "time", "60s", Binders.Milliseconds(ClientHeaderTimeout)),
        One("client_header_buffer_size", Contexts.HttpServer, "size", "1k", Binders.Size(ClientHeaderBufferSize)),
        new("large_client_header_buffers", Contexts.HttpServer, 2, 2, "number size", "4 8k", Binders.Buffers(LargeClientHeaderBuffers)),
        One("max_headers", Contexts.HttpServer, "number", "1000", Binders.Number(MaxHeaders)),
        Flag("ignore_invalid_headers", Contexts.HttpServer, true, IgnoreInvalidHeaders),
        Flag("merge_slashes", Contexts.HttpServer, true, MergeSlashes),
        Flag("underscores_in_headers", Contexts.HttpServer, false, UnderscoresInHeaders),
    ];

    private static void BindServer(DirectiveCall call)
    {
        var server = new ServerScope(call.Scope, call.Position);
        call.Session.Servers.Add(server);
        call.BindBlock(server);
        if (server.Listens.Count == 0)
        {
            // As nginx: without listen a server takes port 80, or 8000 when not started by root; the default server as usual.
            var port = Environment.IsPrivilegedProcess ? 80 : 8000;
            call.Session.Listens.Add(call, server, new ListenOptions { EndPoint = new System.Net.IPEndPoint(System.Net.IPAddress.Any, port) });
        }
    }
}
