namespace Countersign.Conformance;

/// <summary>What of the backend's answer reaches the client.</summary>
public sealed class ProxiedResponses(Ground<ProxiedResponses.Servers> ground) : IClassFixture<Ground<ProxiedResponses.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            upstream named { server %%backend:app%%; }
            server {
                listen %%http%%;
                server_name localhost;
                location / { proxy_pass http://named; }
                location /unbuffered { proxy_buffering off; proxy_pass http://named; }
                location /hidden { proxy_hide_header X-Secret; proxy_pass_header Server; proxy_pass_header X-Accel-Expires; proxy_pass http://named; }
                location /based/ { proxy_pass http://named/app/; }
                location /redirected { proxy_redirect http://inside.test/ /outside/; proxy_redirect ~^https://(\w+)\.inside\.test(.*)$ https://$1.outside.test$2; proxy_pass http://named; }
                location /untouched { proxy_redirect off; proxy_pass http://named; }
                location /cookies { proxy_cookie_domain inside.test outside.test; proxy_cookie_path /in/ /out/; proxy_pass http://named; }
                location /flags { proxy_cookie_flags one secure samesite=strict; proxy_cookie_flags ~^T nosecure nohttponly nosamesite;
                    proxy_cookie_flags three httponly samesite=lax $arg_flag; proxy_cookie_flags ~. bogus; proxy_pass http://named; }
                location /intercepted { proxy_intercept_errors on; error_page 404 /missing; error_page 500 =200 /mended; error_page 502 = @other; proxy_pass http://named; }
                location /not-intercepted { error_page 404 /missing; proxy_pass http://named; }
                location = /missing { internal; return 404 "our own page\n"; }
                location = /mended { internal; return 200 "mended\n"; }
                location @other { return 503 "other\n"; }
                location /accel { proxy_pass http://named; }
                location /internal/ { internal; return 200 "internal $uri $args\n"; }
                location /ignoring { proxy_ignore_headers X-Accel-Redirect; proxy_pass http://named; }
                location /added { add_header X-Added "$upstream_status $upstream_http_x_from" always; proxy_pass http://named; }
                location /small { proxy_buffer_size 256; proxy_buffers 4 256; proxy_busy_buffers_size 256; proxy_pass http://named; }
                location /limited { proxy_buffers 4 1k; proxy_buffer_size 1k; proxy_busy_buffers_size 2k; proxy_max_temp_file_size 0; proxy_pass http://named; }
            }
            """;
    }

    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>Name of the case, target, and the backend's answer; the backend closes after it.</summary>
    public static TheoryData<string, string, string> All() => new()
    {
        { "order and duplicates", "/", Ok + "X-b: 1\r\nSet-Cookie: a=1\r\nX-B: 2\r\nSet-Cookie: b=2\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\nETag: \"x\"\r\nLast-Modified: Mon, 05 Jan 2026 01:02:03 GMT\r\n\r\nok" },
        { "hop-by-hop", "/", Ok + "Connection: close\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\nUpgrade: x\r\nServer: theirs\r\nDate: Mon, 05 Jan 2026 01:02:03 GMT\r\n\r\nok" },
        { "chunked", "/", Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3\r\n...\r\n0\r\n\r\n" },
        { "chunked unbuffered", "/unbuffered", Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3\r\n...\r\n0\r\n\r\n" },
        { "to the end", "/", Ok + "\r\nuntil the end" },
        { "to the end over http/1.0", "/", "HTTP/1.0 200 Fine\r\n\r\nuntil the end" },
        { "reason phrase", "/", "HTTP/1.1 200 Quite All Right\r\nContent-Length: 0\r\n\r\n" },
        { "no reason phrase", "/", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n" },
        { "unknown status", "/", "HTTP/1.1 799 Strange\r\nContent-Length: 1\r\n\r\nx" },
        { "continue before the answer", "/", "HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Content-Length: 2\r\n\r\nok" },
        { "no content", "/", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n" },
        { "not modified", "/", "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n" },
        { "bare line feeds", "/", "HTTP/1.1 200 OK\nX-A: 1\nContent-Length: 2\n\nok" },
        { "longer than it said", "/", Ok + "Content-Length: 2\r\n\r\nok and more" },
        { "shorter than it said", "/", Ok + "Content-Length: 9\r\n\r\nok" },
        { "shorter than it said unbuffered", "/unbuffered", Ok + "Content-Length: 9\r\n\r\nok" },
        { "chunked and broken off", "/", Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nok" },
        { "chunked and wrong", "/", Ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nok" },
        { "two lengths", "/", Ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok" },
        { "length and chunked", "/", Ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" },
        { "status of zeros", "/", "HTTP/1.1 000 Nothing\r\nContent-Length: 2\r\n\r\nok" },
        { "bad length", "/", Ok + "Content-Length: two\r\n\r\nok" },
        { "bad header", "/", Ok + "X A\r\nContent-Length: 2\r\n\r\nok" },
        { "bare carriage return", "/", Ok + "X-A: b\rc\r\nContent-Length: 2\r\n\r\nok" },
        { "folded header", "/", Ok + "X-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok" },
        { "not http", "/", "SSH-2.0-OpenSSH\r\n" },
        { "only a status line", "/", "HTTP/1.1 200 OK\r\n" },
        { "nothing", "/", "" },
        { "header too large", "/small", Ok + $"X-A: {new string('a', 400)}\r\nContent-Length: 2\r\n\r\nok" },
        { "large body", "/limited", Ok + $"Content-Length: 300000\r\n\r\n{new string('l', 300000)}" },
        { "hidden", "/hidden", Ok + "X-Secret: 1\r\nServer: theirs\r\nX-Accel-Expires: 1\r\nContent-Length: 0\r\n\r\n" },
        { "hidden by default", "/", Ok + "X-Accel-Expires: 1\r\nX-Accel-Buffering: no\r\nX-Accel-Charset: utf-8\r\nX-Accel-Limit-Rate: 0\r\nX-Pad: x\r\nContent-Length: 0\r\n\r\n" },
        { "default redirect", "/based/x", "HTTP/1.1 302 Found\r\nLocation: http://named/app/login?x=1\r\nContent-Length: 0\r\n\r\n" },
        { "foreign redirect", "/based/x", "HTTP/1.1 302 Found\r\nLocation: http://other.test/app/\r\nContent-Length: 0\r\n\r\n" },
        { "relative redirect", "/based/x", "HTTP/1.1 302 Found\r\nLocation: /app/login\r\nContent-Length: 0\r\n\r\n" },
        { "rewritten redirect", "/redirected", "HTTP/1.1 301 Moved\r\nLocation: http://inside.test/a\r\nRefresh: 5; url=http://inside.test/b\r\nContent-Length: 0\r\n\r\n" },
        { "redirect rewritten by a regex", "/redirected", "HTTP/1.1 301 Moved\r\nLocation: https://api.inside.test/a\r\nContent-Length: 0\r\n\r\n" },
        { "redirect left alone", "/untouched", "HTTP/1.1 301 Moved\r\nLocation: http://named/untouched\r\nContent-Length: 0\r\n\r\n" },
        { "cookies rewritten", "/cookies", Ok + "Set-Cookie: a=1; Domain=inside.test; Path=/in/a; Secure\r\nContent-Length: 0\r\n\r\n" },
        { "flags given", "/flags", Ok + "Set-Cookie: one=1\r\nSet-Cookie: ONE=1; path=/; samesite=LAX;secure\r\nSet-Cookie: one=1; SameSite=strict; Secure=x\r\nSet-Cookie: one; a\r\nContent-Length: 0\r\n\r\n" },
        { "flags taken", "/flags", Ok + "Set-Cookie: two=1; Secure; secure; HttpOnly; SameSite=Lax; Path=/\r\nSet-Cookie: two=2; Path=/;\r\nContent-Length: 0\r\n\r\n" },
        { "flags by variables", "/flags?flag=Secure", Ok + "Set-Cookie: Three=1; HTTPONLY; SameSite; SameSite=None\r\nSet-Cookie: four=1; Secure;  HttpOnly\r\nContent-Length: 0\r\n\r\n" },
        { "intercepted 404", "/intercepted", "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "intercepted 500", "/intercepted", "HTTP/1.1 500 Oh\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "intercepted 403 without a page", "/intercepted", "HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "intercepted 401 keeps its challenge", "/intercepted", "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "502 of our own intercepted", "/intercepted", "" },
        { "404 not intercepted", "/not-intercepted", "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "accelerated", "/accel", Ok + "X-Accel-Redirect: /internal/file?y=2\r\nContent-Type: text/x\r\nX-Lost: 1\r\nSet-Cookie: a=1\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "accelerated to a named location", "/accel", Ok + "X-Accel-Redirect: @other\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "acceleration ignored", "/ignoring", Ok + "X-Accel-Redirect: /internal/file\r\nContent-Length: 6\r\n\r\ntheirs" },
        { "variables of the answer", "/added", "HTTP/1.1 503 Later\r\nX-From: here\r\nContent-Length: 0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task An_answer_comes_through_the_same(string what, string target, string answer) => ground.Compare(
        script =>
        {
            script.Backend().Handler = async connection =>
            {
                await connection.ReadRequest();
                await connection.Send(answer);
            };
            return script.Get("http", target);
        },
        $"{nameof(An_answer_comes_through_the_same)}: {what}");

    [Fact]
    public Task An_http_1_0_client_gets_no_chunks() => ground.Compare(script =>
    {
        script.Backend().Answer(Ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        return script.Exchange("http", "GET / HTTP/1.0\r\n\r\n");
    });

    [Fact]
    public Task Head_gets_the_headers_alone() => ground.Compare(script =>
    {
        script.Backend().Answer(Ok + "Content-Length: 5\r\nX-A: 1\r\n\r\n");
        return script.Exchange("http", "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    });

    [Fact]
    public Task An_answer_before_the_body_is_passed() => ground.Compare(script =>
    {
        script.Backend().Answer("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!");
        return script.Exchange("http", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    });
}
