namespace Countersign.Proxy.Tests.Upstream;

public sealed class BackendAnswerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    [Theory]
    [InlineData("Content-Length: 1\r\nContent-Length: 1\r\n", "upstream sent duplicate header line: \"Content-Length: 1\", previous value: \"Content-Length: 1\"")]
    [InlineData("Content-Length: x\r\n", "upstream sent invalid \"Content-Length\" header: \"Content-Length: x\"")]
    [InlineData("Content-Length: 9223372036854775808\r\n", "upstream sent invalid \"Content-Length\" header: \"Content-Length: 9223372036854775808\"")]
    [InlineData("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time")]
    [InlineData("Transfer-Encoding: gzip\r\n", "upstream sent unknown \"Transfer-Encoding\": \"gzip\"")]
    [InlineData("X A: 1\r\n", "upstream sent invalid header: \"X\\x20...\"")]
    public void A_head_that_can_be_read_in_two_ways_is_refused(string lines, string log)
    {
        using var passing = new OnePassing();
        passing.Answer($"{Ok}{lines}\r\n").ShouldStartWith("HTTP/1.1 502 Bad Gateway\r\n");
        passing.Gate.Log.ShouldContain(line => line.Contains(log + " while reading response header from upstream, client: 127.0.0.1"));
    }

    [Theory]
    [InlineData("Date")]
    [InlineData("ETag")]
    [InlineData("Location")]
    [InlineData("Content-Type")]
    [InlineData("X-Accel-Redirect")]
    public void Of_a_line_that_may_come_once_the_first_counts(string name)
    {
        using var passing = new OnePassing("proxy_pass_header Date; proxy_ignore_headers X-Accel-Redirect; proxy_pass_header X-Accel-Redirect;");
        var answer = passing.Answer($"{Ok}{name}: /one\r\n{name.ToUpperInvariant()}: /two\r\nContent-Length: 0\r\n\r\n");
        answer.ShouldContain($"{name}: /one\r\n");
        answer.ShouldNotContain("/two");
        passing.Gate.Log.ShouldContain(line => line.Contains($"upstream sent duplicate header line: \"{name.ToUpperInvariant()}: /two\", previous value: \"{name}: /one\", ignored"));
    }

    [Fact]
    public void A_head_beyond_proxy_buffer_size_is_refused()
    {
        using var passing = new OnePassing("proxy_buffer_size 256;");
        passing.Answer($"{Ok}X-A: {new string('a', 300)}\r\n\r\n").ShouldStartWith("HTTP/1.1 502 ");
        passing.Gate.Log.ShouldContain(line => line.Contains("upstream sent too big header while reading response header from upstream"));
    }

    [Fact]
    public void Interim_answers_are_passed_over_whatever_their_length()
    {
        using var passing = new OnePassing("proxy_buffer_size 256;");
        var interim = $"HTTP/1.1 103 Early Hints\r\nLink: {new string('a', 150)}\r\nContent-Length: x\r\n\r\n";
        passing.Answer($"{interim}HTTP/1.1 100 Continue\r\n\r\n{interim}{Ok}Content-Length: 2\r\n\r\nhi")
            .ShouldSatisfyAllConditions(answer => answer.ShouldStartWith("HTTP/1.1 200 OK\r\n"), answer => answer.ShouldEndWith("\r\n\r\nhi"));
    }

    [Fact]
    public void What_is_no_http_goes_on_as_it_is_as_nginx_does()
    {
        using var passing = new OnePassing();
        passing.Answer("SSH-2.0-x\r\nand more").ShouldBe("SSH-2.0-x\r\nand more");
    }

    [Fact]
    public void Lines_of_one_connection_stay_and_the_rest_keeps_order_and_spelling()
    {
        using var passing = new OnePassing("proxy_hide_header X-Hidden;");
        passing.Answer($"{Ok}x-A: 1\r\nServer: theirs\r\nDate: x\r\nX-a: 2\r\nConnection: close\r\nKeep-Alive: 1\r\nUpgrade: h2c\r\nX-HIDDEN: 1\r\nX-Accel-Expires: 1\r\nContent-Length: 0\r\n\r\n")
            .ShouldEndWith("\r\nContent-Length: 0\r\nConnection: close\r\nx-A: 1\r\nX-a: 2\r\nUpgrade: h2c\r\n\r\n");
    }

    [Fact]
    public void Server_and_date_that_may_pass_and_do_not_come_are_not_made_up()
    {
        using var passing = new OnePassing("proxy_pass_header Server; proxy_pass_header Date;");
        passing.Answer($"{Ok}Content-Length: 0\r\n\r\n").ShouldBe("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    [Theory]
    [InlineData("http://inside/a", "http://outside/a")]
    [InlineData("http://other/a", "http://other/a")]
    [InlineData("https://x.inside/a", "x")]
    [InlineData("http://app/login", "http://gate:8080/login")]
    [InlineData("/login", "/login")]
    public void Location_is_rewritten(string sent, string got)
    {
        using var passing = new OnePassing(@"proxy_redirect http://inside/ http://outside/; proxy_redirect ~^https://(\w+)\.inside $1; proxy_redirect http://app/ /;");
        passing.Answer($"HTTP/1.1 302 Found\r\nLocation: {sent}\r\nContent-Length: 0\r\n\r\n").ShouldContain($"\r\nLocation: {got}\r\n");
    }

    [Theory]
    [InlineData("5; url=http://inside/a", "5; url=http://outside/a")]
    [InlineData("5; URL=http://inside/a", "5; URL=http://outside/a")]
    [InlineData("5", "5")]
    public void Refresh_is_rewritten_behind_its_url(string sent, string got)
    {
        using var passing = new OnePassing("proxy_redirect http://inside/ http://outside/;");
        passing.Answer($"{Ok}Refresh: {sent}\r\nContent-Length: 0\r\n\r\n").ShouldContain($"\r\nRefresh: {got}\r\n");
    }

    [Theory]
    [InlineData("a=1; Domain=Inside.test; Path=/in/x; Secure", "a=1; Domain=outside.test; Path=/out/x; Secure")]
    [InlineData("a=1;domain=.inside.test ;path = /in/", "a=1; domain=.outside.test; path=/out/")]
    [InlineData("a=1;Domain=other.test;Path=/", "a=1;Domain=other.test;Path=/")]
    [InlineData("a=1; Path=~/x", "a=1; Path=/home")]
    [InlineData("flag; Domain=inside.test", "flag; Domain=inside.test")]
    [InlineData("domain=inside.test", "domain=inside.test")]
    public void Cookies_are_rewritten(string sent, string got)
    {
        using var passing = new OnePassing("proxy_cookie_domain inside.test outside.test; proxy_cookie_path ~^\\~ /home; proxy_cookie_path /in/ /out/;");
        passing.Answer($"{Ok}Set-Cookie: {sent}\r\nContent-Length: 0\r\n\r\n").ShouldContain($"\r\nSet-Cookie: {got}\r\n");
    }
}
