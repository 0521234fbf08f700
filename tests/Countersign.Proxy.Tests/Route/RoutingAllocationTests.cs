using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class RoutingAllocationTests
{
    private const string Gate = """
        error_log stderr error;
        server {
            listen 127.0.0.1:8080;
            server_name gate;
            client_max_body_size 1m;
            add_header X-Gate one always;
            allow 10.0.0.0/8;
            allow 127.0.0.1;
            deny all;
            location / { proxy_pass http://127.0.0.1:8081; }
            location /longer/ { proxy_pass http://127.0.0.1:8081; }
            location ~ \.php$ { deny all; }
        }
        """;

    [Theory]
    [InlineData("/")]
    [InlineData("/longer/path")]
    [InlineData("/some/other/path")]
    public void A_request_for_a_backend_is_routed_without_allocating(string uri)
    {
        using var client = new OneClient(Gate);
        client.Run(() =>
        {
            var exchange = client.Begin();
            exchange.MethodName = new Bytes("GET"u8.ToArray());
            var bytes = new Bytes(System.Text.Encoding.ASCII.GetBytes(uri));
            long before = 0;
            for (var round = 0; round < 2000; round++)
            {
                before = round == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
                exchange.Uri = bytes;
                Router.RunAsync(exchange).Result.ShouldBeRoute(RouteStep.Proxy);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
            return Task.CompletedTask;
        });
    }
}

file static class RouteStepAssertion
{
    /// <summary>Shouldly boxes what it compares.</summary>
    public static void ShouldBeRoute(this RouteStep actual, RouteStep expected)
    {
        if (actual != expected)
        {
            actual.ShouldBe(expected);
        }
    }
}
