using System.Text;
using Countersign.Proxy.Identify.Ocsp;

namespace Countersign.Proxy.Tests.Identify;

public sealed class OcspReplyTests
{
    private const string Head = "HTTP/1.0 200 OK\r\nContent-Type: application/ocsp-response\r\n";

    [Theory]
    [InlineData(Head + "\r\nbody")]
    [InlineData("HTTP/1.1 200\n\nbody")]
    [InlineData("HTTP/1.1  200 OK\r\nCONTENT-TYPE:   Application/Ocsp-Response  \r\n\r\nbody")]
    [InlineData("HTTP/12.34 200.1\r\nNo-Colon\r\nEmpty:\r\n\r\nbody")]
    public void After_the_head_comes_the_body(string text)
    {
        var reply = Read(text, isEnd: true, out var isWhole);
        (isWhole, text[reply.Body..], reply.Failure).ShouldBe((true, "body", null));
    }

    [Theory]
    [InlineData(Head + "\r\nbody", false)]
    [InlineData(Head + "Content-Length: 5\r\n\r\nbody", false)]
    [InlineData(Head + "Content-Length: 4\r\n\r\nbody", true)]
    [InlineData(Head + "content-length:4\r\n\r\nbody and more", true)]
    [InlineData(Head + "Content-Length: -4\r\n\r\nbody", false)]
    [InlineData(Head + "Content-Length: 99999999999999999999\r\n\r\nbody", false)]
    [InlineData(Head + "Content-Length: 0\r\n", false)]
    public void While_the_responder_is_connected_its_length_says_when_it_is_whole(string text, bool whole)
    {
        var reply = Read(text, isEnd: false, out var isWhole);
        (isWhole, reply.Failure).ShouldBe((whole, null));
    }

    [Theory]
    [InlineData("220 mail.example", true)]
    [InlineData("h", true)]
    [InlineData("HTTP/1.1 20\r\n", true)]
    [InlineData("HTTP/1.1 2000\r\n", true)]
    [InlineData("HTTP/1.1 20x\r\n", true)]
    [InlineData("HTTP/1.1\r\n", true)]
    [InlineData("HTTP/1 200\r\n", true)]
    [InlineData("HTTP/.1 200\r\n", true)]
    [InlineData("HTTP/1. 200\r\n", true)]
    [InlineData("HTTP/0.9 200\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\na b: c\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\n: c\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\n-a: c\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\na: b\rc\r\n", true)]
    [InlineData("HTTP/1.1 2", false)]
    [InlineData("HTT", false)]
    public void What_is_no_response_is_known_before_the_responder_ends_it(string text, bool known)
    {
        var reply = Read(text, isEnd: false, out var isWhole);
        var failure = known ? "OCSP responder sent invalid response" : null;
        (isWhole, reply.Failure, reply.Logged).ShouldBe((known, failure, failure));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK")]
    [InlineData(Head)]
    [InlineData(Head + "\r")]
    public void A_head_that_ends_too_soon_is_no_response(string text) =>
        Read(text, isEnd: true, out _).Failure.ShouldBe("OCSP responder prematurely closed connection");

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", "OCSP responder sent HTTP status 404", null)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n", "OCSP responder sent HTTP status 302", null)]
    [InlineData("HTTP/1.1 500 Error\r\nContent-Type: text/html\r\n\r\n", "OCSP responder sent HTTP status 500", "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"", "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"")]
    public void A_status_is_the_reason_though_nginx_does_not_speak_of_it(string text, string failure, string? logged)
    {
        var reply = Read(text, isEnd: false, out var isWhole);
        (isWhole, reply.Failure, reply.Logged).ShouldBe((true, failure, logged));
    }

    [Fact]
    public void What_a_responder_calls_its_answer_is_quoted_in_part() =>
        Read($"HTTP/1.1 200 OK\r\nContent-Type: {new string('x', 60_000)}\r\n", isEnd: false, out _).Failure!.Length.ShouldBeLessThan(400);

    [Theory]
    [InlineData(Head + "Content-Length: 4\r\n\r\nbody")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\na b: c\r\n")]
    public void However_the_bytes_come_they_are_read_the_same(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var whole = Read(text, isEnd: false, out _);
        var reply = new OcspReply();
        var isWhole = false;
        for (var length = 1; length <= bytes.Length && !isWhole; length++)
        {
            isWhole = reply.Take(bytes.AsSpan(0, length), isEnd: false);
        }
        (reply.Body, reply.Failure, reply.Logged).ShouldBe((whole.Body, whole.Failure, whole.Logged));
        isWhole.ShouldBeTrue();
    }

    /// <summary>A responder may mean harm: were each byte to cost as much as all before it, one answer would keep a loop busy for minutes.</summary>
    [Fact]
    public void Headers_cost_no_memory_however_many_and_however_slowly_they_come()
    {
        var bytes = Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("a:\n", 20_000)));
        var reply = new OcspReply();
        _ = reply.Take(bytes.AsSpan(0, 30), isEnd: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var length = 31; length <= bytes.Length; length++)
        {
            _ = reply.Take(bytes.AsSpan(0, length), isEnd: false);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        (reply.Body, reply.Failure).ShouldBe((0, null));
    }

    private static OcspReply Read(string text, bool isEnd, out bool isWhole)
    {
        var reply = new OcspReply();
        isWhole = reply.Take(Encoding.Latin1.GetBytes(text), isEnd);
        return reply;
    }
}
