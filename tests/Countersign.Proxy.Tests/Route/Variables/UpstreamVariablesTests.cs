using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route.Variables;

public sealed class UpstreamVariablesTests
{
    [Theory]
    [InlineData("a", "a|200|0.001|3|")]
    [InlineData("ab", "a, b|200, 502|0.001, -|3, 3|")]
    [InlineData("a b", "a : b|200 : 502|0.001 : -|3 : 3|")]
    [InlineData("ab a", "a, b : a|200, 502 : 200|0.001, - : 0.001|3, 3 : 3|")]
    [InlineData("a ", "a : |200 : |0.001 : |3 : |")]
    [InlineData(" a", ", a|-, 200|0.000, 0.001|0, 3|")]
    [InlineData(" ", "|-|0.000|0|")]
    [InlineData("a  b", "a : , b|200 : -, 502|0.001 : 0.000, -|3 : 0, 3|")]
    public void Backends_are_told_in_nginx_s_order(string attempts, string expected)
    {
        using var client = new OneClient("server { listen 127.0.0.1:8080; return 200 '$upstream_addr|$upstream_status|$upstream_header_time|$upstream_response_length|'; }");
        var exchange = client.Begin();
        exchange.Upstream.BeginPass();
        foreach (var attempt in attempts)
        {
            if (attempt == ' ')
            {
                exchange.Upstream.BeginPass();
                continue;
            }
            var added = exchange.Upstream.Add();
            added.Peer = attempt.ToString();
            added.Status = attempt == 'a' ? 200 : 502;
            added.HeaderTime = attempt == 'a' ? 1 : -1;
            added.ResponseLength = 3;
        }
        Text(client, exchange).ShouldBe(expected);
    }

    [Fact]
    public void No_backend_is_not_found()
    {
        using var client = new OneClient("server { listen 127.0.0.1:8080; return 200 '$upstream_addr|$upstream_status|'; }");
        Text(client, client.Begin()).ShouldBe("||");
    }

    [Theory]
    [InlineData("c=v; path=/x", "[v][]")]
    [InlineData("C = v ; path=/x", "[v ][]")]
    [InlineData("cc=v", "[][]")]
    [InlineData("c", "[][]")]
    public void An_attribute_is_no_cookie(string line, string expected)
    {
        using var client = new OneClient("server { listen 127.0.0.1:8080; return 200 '[$upstream_cookie_c][$upstream_cookie_path]'; }");
        var exchange = client.Begin();
        exchange.Upstream.Headers.Add(new HeaderField(Bytes("Set-Cookie"), Bytes(line)));
        Text(client, exchange).ShouldBe(expected);
    }

    private static Bytes Bytes(string text) => new(ByteText.ToBytes(text));

    /// <summary>What the first server returns.</summary>
    private static string Text(OneClient client, Exchange exchange) =>
        Values.Evaluate(exchange, client.Client.Server.Rewrite.OfType<ReturnStep>().First().Text!).ToString();
}
