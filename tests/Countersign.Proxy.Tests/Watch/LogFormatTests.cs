namespace Countersign.Proxy.Tests.Watch;

public sealed class LogFormatTests
{
    private const string Awkward = "GET /\"\\%0a HTTP/1.1\r\nUser-Agent: a\tb\"c\\d\u00e9\u007f";

    [Fact]
    public void Without_a_format_it_is_the_combined_one()
    {
        using var logged = new Logged("access_log @/log;");
        logged.Ask("GET /a?b HTTP/1.1\r\nReferer: http://x/\r\nUser-Agent: me\r\nAuthorization: Basic bWU6eA==");
        logged.Read("log").ShouldMatch(
            """^127\.0\.0\.1 - me \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET /a\?b HTTP/1\.1" 200 4 "http://x/" "me"\n$""");
    }

    [Theory]
    [InlineData("'$request|$http_user_agent|$uri'", "GET /\\x22\\x5C%0a HTTP/1.1|a\\x09b\\x22c\\x5Cd\\xE9\\x7F|/\\x22\\x5C\\x0A\n")]
    [InlineData("escape=default '$uri'", "/\\x22\\x5C\\x0A\n")]
    [InlineData("escape=json '$request|$http_user_agent|$uri'", "GET /\\\"\\\\%0a HTTP/1.1|a\\tb\\\"c\\\\d\u00e9\u007f|/\\\"\\\\\\n\n")]
    [InlineData("escape=none '$request|$http_user_agent'", "GET /\"\\%0a HTTP/1.1|a\tb\"c\\d\u00e9\u007f\n")]
    public void What_could_break_a_line_is_escaped(string format, string expected) => Logged.Line(format, Awkward).ShouldBe(expected);

    [Fact]
    public void Json_spells_other_controls_by_number() =>
        Logged.Line("escape=json '$arg_a$uri'", "GET /%01%1f%08%0c%0d HTTP/1.1").ShouldBe("/\\u0001\\u001F\\b\\f\\r\n");

    [Theory]
    [InlineData("", "-||-|\n")]
    [InlineData("escape=json", "|||\n")]
    [InlineData("escape=none", "|||\n")]
    public void What_is_not_found_is_a_dash_and_what_is_empty_is_nothing(string escape, string expected) =>
        Logged.Line($"{escape} '$http_x_none|$http_x_empty|$args|$is_args'", "GET /? HTTP/1.1\r\nX-Empty:").ShouldBe(expected);

    [Fact]
    public void A_name_ends_with_its_argument() => Logged.Line("'$uri' 'more' '$arg_a' 'b'", "GET /x?a=1 HTTP/1.1").ShouldBe("/xmore1b\n");

    [Fact]
    public void A_digit_is_a_name_in_a_format() =>
        Logged.Line("'[$arg_1]'", "GET /?1=one HTTP/1.1").ShouldBe("[one]\n");

    [Fact]
    public void Sizes_and_status_are_those_of_the_end_whatever_was_asked_before() =>
        Logged.Line("'$status $body_bytes_sent $bytes_sent $sent_http_x_sizes'", "GET / HTTP/1.1", "add_header X-Sizes $status-$bytes_sent; return 201 four;")
            .ShouldMatch(@"^201 4 1\d\d 201-0\n$");

    [Fact]
    public void An_answer_s_headers_are_found_again() =>
        Logged.Line("'$sent_http_x_one|$sent_http_content_type|$sent_http_content_length|$sent_http_connection|$sent_http_location|$sent_http_transfer_encoding'",
                "GET / HTTP/1.1", "default_type text/x; add_header X-One 1; add_header X-One 2; return 200 four;")
            .ShouldBe("1, 2|text/x|4|close|-|-\n");

    [Fact]
    public void Backends_that_were_never_asked_are_dashes() =>
        Logged.Line("'$upstream_addr|$upstream_status|$upstream_response_time|$upstream_http_x|$proxy_host'", "GET / HTTP/1.1").ShouldBe("-|-|-|-|-\n");
}
