namespace Countersign.Conformance;

/// <summary>How far a request may be malformed, and that nothing ambiguous reaches the backend.</summary>
public sealed class RequestFraming(Ground<RequestFraming.Servers> ground) : IClassFixture<Ground<RequestFraming.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            server {
                listen %%http%%;
                server_name localhost;
                client_header_buffer_size 256;
                large_client_header_buffers 2 1k;
                client_max_body_size 100;
                location / { proxy_pass http://%%backend:app%%; }
                location /large/ { client_max_body_size 0; proxy_pass http://%%backend:app%%; }
                location /echo { return 200 "$request_method $uri $is_args$args [$host] [$http_x_a] [$content_length]\n"; }
            }
            """;
    }

    /// <summary>Name of the case, and the request's bytes.</summary>
    public static TheoryData<string, string> All() => new()
    {
        { "two lengths", Post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc") },
        { "two unequal lengths", Post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd") },
        { "length and chunked", Post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") },
        { "chunked and length", Post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n") },
        { "chunked twice", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n") },
        { "chunked over http/1.0", "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "gzip encoding", Post("Transfer-Encoding: gzip\r\n", "x") },
        { "gzip, chunked", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n") },
        { "identity encoding", Post("Transfer-Encoding: identity\r\n", "") },
        { "chunked in capitals", Post("Transfer-Encoding: CHUNKED\r\n", "3\r\nabc\r\n0\r\n\r\n") },
        { "negative length", Post("Content-Length: -1\r\n", "") },
        { "length with a sign", Post("Content-Length: +3\r\n", "abc") },
        { "length with a space inside", Post("Content-Length: 3 3\r\n", "abc") },
        { "length that overflows", Post("Content-Length: 99999999999999999999\r\n", "") },
        { "empty length", Post("Content-Length:\r\n", "") },
        { "hexadecimal length", Post("Content-Length: 0x3\r\n", "abc") },
        { "bad chunk size", Post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n") },
        { "chunk too short for its size", Post("Transfer-Encoding: chunked\r\n", "2\r\nabc\r\n0\r\n\r\n") },
        { "chunk with an extension", Post("Transfer-Encoding: chunked\r\n", "3;a=b\r\nabc\r\n0\r\n\r\n") },
        { "trailer after the chunks", Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n") },
        { "chunks with bare line feeds", Post("Transfer-Encoding: chunked\r\n", "3\nabc\n0\n\n") },
        { "space before the colon", Get("X-A : 1\r\n") },
        { "line folded", Get("X-A: 1\r\n 2\r\n") },
        { "line folded by a tab", Get("X-A: 1\r\n\t2\r\n") },
        { "name without a colon", Get("X-A\r\n") },
        { "name with a space", Get("X A: 1\r\n") },
        { "empty name", Get(": 1\r\n") },
        { "name with a control", Get("X\u0001A: 1\r\n") },
        { "name of high bytes", Get("X\u00e9: 1\r\n") },
        { "name with an underscore", Get("X_A: 1\r\nX-A: 2\r\n") },
        { "name with a dot", Get("X.A: 1\r\n") },
        { "NUL in a value", Get("X-A: 1\u00002\r\n") },
        { "bare carriage return in a value", Get("X-A: 1\r2\r\n") },
        { "value of high bytes", Get("X-A: \u00e9\u00ff\r\n") },
        { "spaces around a value", Get("X-A:   1 2\t \r\n") },
        { "empty value", Get("X-A:\r\n") },
        { "two hosts", Get("Host: other\r\n") },
        { "no host", "GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n" },
        { "empty host", "GET /echo HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n" },
        { "bad host", "GET /echo HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n" },
        { "host with spaces", "GET /echo HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n" },
        { "host in capitals", "GET /echo HTTP/1.1\r\nHost: LOCALHOST:80\r\nConnection: close\r\n\r\n" },
        { "bracketed host", "GET /echo HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n" },
        { "bare line feeds", "GET /echo HTTP/1.1\nHost: localhost\nX-A: 1\nConnection: close\n\n" },
        { "empty lines first", "\r\n\r\nGET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "http/0.9", "GET /echo\r\n" },
        { "http/0.9 to the backend", "GET /a\r\n" },
        { "http/1.2", "GET /echo HTTP/1.2\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "http/2.0", "GET /echo HTTP/2.0\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "http/1.100", "GET /echo HTTP/1.100\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "lower-case method", "get /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "unknown method", "BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "method with a digit", "GET1 / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "TRACE", "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n" },
        { "asterisk target", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "relative target", "GET echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "absolute target", "GET http://other.test:80/echo?x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "absolute target without a path", "GET http://other.test?x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "target of high bytes", "GET /echo/\u00e9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "target with a control", "GET /echo\u0001 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "target with NUL escaped", "GET /echo%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "target with a bad escape", "GET /echo%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "target above the root", "GET /../echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "two spaces before the target", "GET  /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "fragment in the target", "GET /echo#x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" },
        { "request line too long", $"GET /{new string('a', 1100)} HTTP/1.1\r\nHost: localhost\r\n\r\n" },
        { "header line too long", Get($"X-A: {new string('a', 1100)}\r\n") },
        { "headers too large together", Get(string.Concat(Enumerable.Range(0, 4).Select(_ => $"X-A: {new string('a', 700)}\r\n"))) },
        { "headers that need the large buffers", Get($"X-A: {new string('a', 600)}\r\n") },
        { "body too large", Post("Content-Length: 101\r\n", new string('b', 101)) },
        { "body of the largest size", Post("Content-Length: 100\r\n", new string('b', 100)) },
        { "chunked body too large", Post("Transfer-Encoding: chunked\r\n", $"65\r\n{new string('b', 101)}\r\n0\r\n\r\n") },
        { "unknown expectation", Post("Content-Length: 1\r\nExpect: coffee\r\n", "x") },
        { "binary noise", "\u0000\u0001\u0002\u0003\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_request_is_read_the_same(string what, string request) =>
        ground.Compare(script => script.Exchange("http", request), $"{nameof(A_request_is_read_the_same)}: {what}");

    private static string Get(string headers) => $"GET /echo HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n";

    private static string Post(string headers, string body) => $"POST /post HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n{body}";
}
