using System.Text;
using Countersign.Commands.Probe;

namespace Countersign.Tests.Probe;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 58\r\n\r\n<title>400 No required SSL certificate was sent</title>....", false, (int)HttpMeaning.CertificateMissing)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n<title>400 The SSL certificate error</title>", true, (int)HttpMeaning.CertificateRefused)]
    [InlineData("HTTP/1.1 496 \r\n\r\n", false, (int)HttpMeaning.CertificateMissing)]
    [InlineData("HTTP/1.1 421 Misdirected Request\r\n\r\n", true, (int)HttpMeaning.Misdirected)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n<h2>403.7 - Forbidden: SSL client certificate is required.</h2>", false, (int)HttpMeaning.CertificateMissing)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n<h2>HTTP Error 403.13 - Forbidden</h2>", true, (int)HttpMeaning.CertificateRevoked)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\nA client certificate is needed here.", false, (int)HttpMeaning.CertificateMissing)]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\nno", true, (int)HttpMeaning.Forbidden)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\n\r\n", true, (int)HttpMeaning.Unauthorized)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\nbad header", true, (int)HttpMeaning.BadRequest)]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", true, (int)HttpMeaning.LetIn)]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n", true, (int)HttpMeaning.LetIn)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", true, (int)HttpMeaning.LetIn)]
    public void What_an_answer_says_of_the_certificate(string text, bool wasSent, int meaning) =>
        HttpRefusal.Of(Read(text).Answer()!, wasSent).ShouldBe((HttpMeaning)meaning);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\n\r\n")]
    public void An_answer_that_has_an_end_is_not_waited_for(string text)
    {
        var reader = new HttpAnswerReader();
        foreach (var symbol in text)
        {
            reader.IsComplete.ShouldBeFalse();
            reader.Add([(byte)symbol]);
        }
        reader.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void An_answer_without_an_end_is_read_up_to_a_bound()
    {
        var reader = Read("HTTP/1.1 200 OK\r\n\r\n");
        for (var i = 0; i < 100; i++)
        {
            reader.Add(new byte[1024]);
        }
        reader.IsComplete.ShouldBeTrue();
        reader.Answer()!.Body.Length.ShouldBeLessThanOrEqualTo(HttpAnswerReader.MaximumLength);
    }

    [Theory]
    [InlineData("")]
    [InlineData("220 smtp\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.")]
    public void What_is_no_HTTP_is_no_answer(string text) => Read(text).Answer().ShouldBeNull();

    [Fact]
    public void The_incident_is_Countersign_s_own_and_nothing_else()
    {
        Read("HTTP/1.1 400 Bad Request\r\n\r\n<center>incident 0123456789abcdef</center>").Answer()!.Incident.ShouldBe("0123456789abcdef");
        Read("HTTP/1.1 400 Bad Request\r\n\r\n<center>incident $(reboot)......</center>").Answer()!.Incident.ShouldBeEmpty();
    }

    private static HttpAnswerReader Read(string text)
    {
        var reader = new HttpAnswerReader();
        reader.Add(Encoding.Latin1.GetBytes(text));
        return reader;
    }
}
