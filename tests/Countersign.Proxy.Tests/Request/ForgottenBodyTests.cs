using Countersign.Proxy.Tests.Route;

namespace Countersign.Proxy.Tests.Request;

/// <summary>Bodies that nobody wants.</summary>
public sealed class ForgottenBodyTests
{
    private const string Chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked";

    [Fact]
    public void Broken_chunks_are_refused_before_the_answer() =>
        Answered.By("return 200 text;", Chunked, out var log, "4\r\nSEE-THIS\r\n0\r\n\r\n").ShouldSatisfyAllConditions(
            answer => answer.ShouldStartWith("HTTP/1.1 400 Bad Request\n"),
            _ => log.ShouldContain(line => line.Contains("client sent invalid chunked body", StringComparison.Ordinal)));

    [Theory]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "[0]")]
    [InlineData("3\r\nab", "[]")]
    public void Chunks_that_were_read_away_have_no_length(string body, string expected) =>
        Answered.By("return 200 [$content_length];", Chunked, body).ShouldEndWith("\n\n" + expected);

    [Fact]
    public void A_request_behind_it_is_answered()
    {
        using var client = new OneClient("server { listen 127.0.0.1:8080; server_name routes.test; return 200 $request_uri; }");
        var answers = Answered.Of(client, $"POST /1 HTTP/1.1\r\nHost: routes.test\r\nContent-Length: 3\r\n\r\nabcPOST /2 HTTP/1.1\r\nHost: routes.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /3 HTTP/1.1");
        answers.ShouldContain("\n\n/1HTTP/1.1 200 OK\n");
        answers.ShouldContain("\n\n/2HTTP/1.1 200 OK\n");
        answers.ShouldEndWith("\n\n/3");
    }

    [Fact]
    public void A_client_that_waits_is_invited_before_the_answer() =>
        Answered.By("return 200 text;", "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3", "abc")
            .ShouldStartWith("HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n");
}
