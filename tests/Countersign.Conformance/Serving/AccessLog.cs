namespace Countersign.Conformance;

/// <summary>log_format and access_log: what is written, how it is escaped, and when not.</summary>
public sealed class AccessLog(Ground<AccessLog.Servers> ground) : IClassFixture<Ground<AccessLog.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            log_format combined_like '$remote_addr - $remote_user "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
            log_format all '$request_method|$uri|$args|$request_uri|$server_protocol|$request_length|$body_bytes_sent|$sent_http_content_type|'
                           '$sent_http_x_a|$http_x_a|$cookie_c|$host|$scheme|$server_port|$pipe|$connection_requests|$content_length|$content_type|$upstream_status|'
                           '$upstream_response_length|$upstream_http_x_from|$upstream_cache_status|$request_completion|$remote_user|$http_x_forwarded_for';
            log_format as_json escape=json '{"request":"$request","agent":"$http_user_agent","referer":"$http_referer","none":"$http_x_none"}';
            log_format as_is escape=none '$request|$http_user_agent|$http_x_none|';
            map $status $loud { ~^[23] 0; default 1; }
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            server {
                listen %%http%%;
                location /combined { access_log logs/access.log combined_like; return 200 "four"; }
                location /predefined { access_log logs/predefined.log combined; return 200 "four"; }
                location /all { access_log logs/access.log all; add_header X-A a; return 200 "four"; }
                location /all/app { access_log logs/access.log all; proxy_pass http://%%backend:app%%; }
                location /json { access_log logs/access.log as_json; return 200 "x"; }
                location /none { access_log logs/access.log as_is; return 200 "x"; }
                location /off { access_log off; return 200 "x"; }
                location /twice { access_log logs/access.log line; access_log logs/access.log combined_like; return 200 "x"; }
                location /loud { access_log logs/access.log line if=$loud; if ($arg_fail) { return 404; } return 200 "x"; }
                location /moved { return 301 /x; }
                location /internal { rewrite ^ /all last; }
            }
            """;
    }

    private const string Awkward = "User-Agent: a\"b\\c\td \u00e9\u0001\u007f\r\nReferer: http://x/?\"\r\nAuthorization: Basic bWU6c2VjcmV0\r\nX-A: 1\r\nCookie: c=3; d=4\r\nX-Forwarded-For: 192.0.2.1\r\n";

    [Theory]
    [InlineData("/combined")]
    [InlineData("/all?x=\"y\\z")]
    [InlineData("/all/app?x")]
    [InlineData("/json?x=\"y\\z")]
    [InlineData("/none?x=\"y\\z")]
    [InlineData("/off")]
    [InlineData("/twice")]
    [InlineData("/loud")]
    [InlineData("/loud?fail=1")]
    [InlineData("/internal?x")]
    [InlineData("/moved")]
    public Task A_request_is_logged_the_same(string target) =>
        ground.Compare(script => script.Get("http", target, Awkward.Replace("\u0001", "").Replace("\u007f", "")), $"{nameof(A_request_is_logged_the_same)}: {target}");

    [Theory]
    [InlineData("/json")]
    [InlineData("/combined")]
    public Task Controls_are_escaped_the_same(string target) =>
        ground.Compare(script => script.Get("http", target, Awkward), $"{nameof(Controls_are_escaped_the_same)}: {target}");

    [Fact]
    public Task A_header_sent_twice_is_one_variable() => ground.Compare(script => script.Get("http", "/all", "X-A: 1\r\nX-A: 2\r\n"));

    [Fact]
    public Task Pipelined_requests_are_marked() => ground.Compare(script => script.Exchange(
        "http", "GET /all?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /all?2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));

    [Fact]
    public Task A_post_is_measured() => ground.Compare(script => script.Exchange(
        "http", "POST /all/app HTTP/1.1\r\nHost: a\r\nContent-Type: text/x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"));

    [Fact]
    public Task A_request_nobody_could_read_is_logged() => ground.Compare(async script =>
    {
        await script.Exchange("http", "nonsense\r\n\r\n");
        await script.Exchange("http", "GET / HTTP/1.1\r\n: x\r\n\r\n");
    });
}
