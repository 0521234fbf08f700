namespace Countersign.Proxy.Tests.Route.Variables;

public sealed class ConnectionVariablesTests
{
    [Theory]
    [InlineData("$remote_addr", "127.0.0.1")]
    [InlineData("$remote_port", "5000")]
    [InlineData("$server_addr", "127.0.0.1")]
    [InlineData("$server_port", "8080")]
    [InlineData("$binary_remote_addr", "\u007f\0\0\u0001")]
    [InlineData("$connection", "7")]
    [InlineData("$connection_requests", "1")]
    [InlineData("$pipe", ".")]
    [InlineData("$nginx_version", Signature.Nginx)]
    [InlineData("$proxy_protocol_addr$proxy_protocol_port$proxy_protocol_tlv_alpn", "")]
    [InlineData("$ssl_protocol$ssl_client_verify$ssl_client_s_dn", "")]
    [InlineData("$tcpinfo_rtt", "")]
    public void A_connection_is_described(string text, string expected) => Evaluated.By($"[{text}]").ShouldBe($"[{expected}]");

    [Fact]
    public void The_process_is_named()
    {
        Evaluated.By("$pid").ShouldBe($"{Environment.ProcessId}");
        Evaluated.By("$hostname").ShouldBe(Environment.MachineName.ToLowerInvariant());
    }

    [Fact]
    public void Times_have_nginx_s_shapes() => Evaluated.By("$msec|$request_time|$connection_time|$time_local|$time_iso8601").ShouldMatch(
        @"^\d{10}\.\d{3}\|\d+\.\d{3}\|\d+\.\d{3}\|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$");
}
