namespace Countersign.Conformance;

/// <summary>What variables are, how long they keep a value, and what <c>map</c> and <c>set</c> make of them.</summary>
public sealed class Variables(Ground<Variables.Servers> ground) : IClassFixture<Ground<Variables.Servers>>
{
    public sealed class Servers : Subject
    {
        private static readonly string[] Alike =
        [
            "arg_a", "arg_", "args", "query_string", "is_args", "binary_remote_addr", "body_bytes_sent", "bytes_sent", "connection_requests",
            "content_length", "content_type", "cookie_a", "cookie_", "document_root", "document_uri", "host", "hostname", "http_host", "http_cookie", "http_x_a",
            "http_none", "https", "limit_rate", "pipe", "proxy_protocol_addr", "proxy_protocol_port", "query_string", "realpath_root", "remote_addr",
            "remote_user", "request", "request_body", "request_body_file", "request_completion", "request_filename", "request_length",
            "request_method", "request_uri", "scheme", "sent_http_content_type", "sent_http_content_length", "sent_http_connection",
            "sent_http_keep_alive", "sent_http_last_modified", "sent_http_location", "sent_http_transfer_encoding", "sent_http_x_own",
            "sent_http_cache_control", "server_addr", "server_name", "server_protocol", "status", "uri", "ssl_protocol", "ssl_client_verify",
            "proxy_host", "proxy_port", "proxy_add_x_forwarded_for", "upstream_addr", "upstream_status", "upstream_response_length",
            "upstream_bytes_received", "upstream_bytes_sent", "upstream_http_x_b", "upstream_cookie_c", "upstream_trailer_t", "upstream_cache_status",
        ];

        private static readonly string All = string.Join('|', Alike.Select(name => "$" + name));

        public override IReadOnlyList<string> Backends => ["app", "second"];

        /// <summary>All but sizes, which the server's name is part of.</summary>
        public override string LogFormat =>
            $"'{string.Join('|', Alike.Except(["bytes_sent", "body_bytes_sent", "sent_http_content_length"]).Select(name => "$" + name))}'";

        public override string Http => $$"""
            map $arg_m $mapped { hostnames; default "default-$arg_m"; "" nothing; one first; *.example.com sub; .example.org dot; www.example.* www; ~^r(?<digit>[0-9])(x?) "$digit-$2"; ~*^S+$ many; }
            map $uri $kept { default $arg_a; }
            map $uri $fresh { volatile; default $arg_a; }
            map $arg_m $chained { default $mapped; }
            upstream down { server %%dead%% max_fails=0; }
            upstream two { server %%dead%% max_fails=0; server %%backend:app%%; }
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            server {
                listen %%http%%;
                server_name localhost;
                root www;
                location /all { add_header X-Own own; return 200 "{{All}}\n"; }
                location /map { return 200 "[$mapped][$digit][$chained]\n"; }
                location /kept { set $first "$kept$fresh"; set $args a=2; return 200 "[$first][$kept][$fresh][$args][$query_string]\n"; }
                location /unset { if ($arg_a) { set $later 1; } return 200 "[$later]$later\n"; }
                location /quiet { uninitialized_variable_warn off; if ($arg_a) { set $later2 1; } return 200 "[$later2]\n"; }
                location /rate { set $limit_rate $arg_r; return 200 "[$limit_rate]\n"; }
                location /own { set $before "[$ssl_protocol]"; set $ssl_protocol mine; return 200 "$before[$ssl_protocol]\n"; }
                location /early { add_header X-Early "$bytes_sent $status $sent_http_x_late $request_completion"; add_header X-Late 1; return 200 early; }
                location /file { add_header X-Own own; }
                location /moved { return 301 /to; }
                location /limited { client_max_body_size 2; return 200 x; }
                location ~ ^/group/(?<one>[a-z]*)/(?<two>.*)$ { return 200 "[$one][$two][$1][$2][$3]\n"; }
                location /app { proxy_pass http://%%backend:app%%; }
                location /retried { proxy_pass http://two; }
                location /paged { error_page 502 = @second; proxy_pass http://%%dead%%; }
                location @second { proxy_pass http://%%backend:second%%; }
                location /local { error_page 502 = /all; proxy_pass http://down; }
                location /elsewhere { error_page 502 = @all; proxy_pass http://down; }
                location @all { add_header X-Own own; return 200 "{{All}}\n"; }
                location /unresolved { error_page 502 /app; set $name nowhere.invalid; proxy_pass http://$name; }
                location /named { set $target two; proxy_set_header Host $proxy_host; proxy_set_header Connection ""; proxy_set_header X-Names "$proxy_host $proxy_port $proxy_add_x_forwarded_for"; proxy_pass http://$target; }
                location /body { proxy_set_header Host $proxy_host; proxy_set_header Connection ""; proxy_set_header X-Body "$request_body $content_length"; proxy_pass http://%%backend:app%%; }
                location /streamed { proxy_request_buffering off; proxy_set_header Host $proxy_host; proxy_set_header Connection ""; proxy_set_header X-Body "$request_body $content_length"; proxy_pass http://%%backend:app%%; }
            }
            server {
                listen %%tls%% ssl;
                server_name localhost;
                ssl_certificate pki/server.pem;
                ssl_certificate_key pki/server.key;
                location / { return 200 "$ssl_protocol|$ssl_cipher|$ssl_ciphers|$ssl_curves|$ssl_server_name|$ssl_session_reused|$ssl_early_data|$ssl_client_verify|$ssl_client_cert|$scheme|$https\n"; }
            }
            """;

        public override void Files(string prefix)
        {
            Directory.CreateDirectory(Path.Combine(prefix, "www"));
            var file = Path.Combine(prefix, "www", "file");
            File.WriteAllText(file, "0123456789");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }
    }

    private Task Same(string request, string name) => ground.Compare(script => script.Exchange("http", request), name);

    [Theory]
    [InlineData("/all")]
    [InlineData("/all?a=1&A=2&=3")]
    [InlineData("/all?xa=1&a")]
    [InlineData("/all?")]
    [InlineData("/all/%2e%2e/all/%41?%41")]
    [InlineData("/early")]
    [InlineData("/file")]
    [InlineData("/file2")]
    [InlineData("/moved")]
    [InlineData("/app?a=b")]
    [InlineData("/retried")]
    [InlineData("/paged")]
    [InlineData("/local")]
    [InlineData("/elsewhere")]
    [InlineData("/unresolved")]
    [InlineData("/named")]
    [InlineData("/group/abc/d%20e?f")]
    [InlineData("/own")]
    [InlineData("/unset")]
    [InlineData("/quiet")]
    [InlineData("/kept?a=1")]
    [InlineData("/rate")]
    [InlineData("/rate?r=4k")]
    [InlineData("/rate?r=fast")]
    [InlineData("/rate?r=0")]
    public Task A_request_is_described_the_same(string target)
    {
        return ground.Compare(
            script =>
            {
                script.Backend().Answer("HTTP/1.1 201 Made\r\nX-B: 1\r\nSet-Cookie: c=v; path=/\r\nContent-Length: 5\r\n\r\nhello");
                return script.Get("http", target, "X-A: one\r\nCookie: b=0; a=1; c\r\nAuthorization: Basic bWU6eA\r\nX-Forwarded-For: 192.0.2.1\r\n");
            },
            $"{nameof(A_request_is_described_the_same)}: {target}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("ONE")]
    [InlineData("a.b.Example.com")]
    [InlineData("example.com")]
    [InlineData("example.org.")]
    [InlineData("www.example.net")]
    [InlineData("r5x")]
    [InlineData("r5")]
    [InlineData("R5")]
    [InlineData("sSs")]
    [InlineData("%72")]
    public Task A_value_is_mapped_the_same(string value) =>
        Same($"GET /map?m={value} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", $"{nameof(A_value_is_mapped_the_same)}: {value}");

    [Theory]
    [InlineData("a; a=1")]
    [InlineData("a;a=1")]
    [InlineData("a =  1 ; b")]
    [InlineData("xa=1; a=2,a=3")]
    [InlineData("A=1")]
    [InlineData("=1; a")]
    [InlineData("b=a=1;a=")]
    public Task A_cookie_is_found_the_same(string cookie) =>
        Same($"GET /all HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n", $"{nameof(A_cookie_is_found_the_same)}: {cookie}");

    [Theory]
    [InlineData("Basic bWU6eA==")]
    [InlineData("basic  bWU6eA=x")]
    [InlineData("Basic bWU6eB")]
    [InlineData("Basic bWU=")]
    [InlineData("Basic Ong=")]
    [InlineData("Basic bWU6e")]
    [InlineData("Basic bWU 6eA")]
    [InlineData("Basic")]
    [InlineData("Bearer bWU6eA==")]
    public Task A_user_is_read_the_same(string authorization) => Same(
        $"GET /all HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n", $"{nameof(A_user_is_read_the_same)}: {authorization}");

    [Theory]
    [InlineData("/all")]
    [InlineData("/body")]
    [InlineData("/streamed")]
    [InlineData("/limited")]
    [InlineData("/paged")]
    public Task A_body_counts_the_same(string target) => ground.Compare(
        async script =>
        {
            await script.Exchange("http", $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
            await script.Exchange("http", $"PUT {target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n");
        },
        $"{nameof(A_body_counts_the_same)}: {target}");

    [Theory]
    [InlineData("GET http://Other:81/all?a=1 HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /all HTTP/1.0")]
    [InlineData("HEAD /all HTTP/1.1\r\nHost: LOCALHOST:80")]
    [InlineData("GET /../all HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /all HTTP/1.1\r\nHost: a b")]
    [InlineData("GET /all HTTP/1.1")]
    [InlineData("BREW /file HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /file HTTP/1.1\r\nHost: localhost\r\nRange: bytes=2-3")]
    [InlineData("GET /file HTTP/1.1\r\nHost: localhost\r\nIf-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT")]
    public Task An_odd_request_is_described_the_same(string head) =>
        Same($"{head}\r\nConnection: close\r\n\r\n", $"{nameof(An_odd_request_is_described_the_same)}: {head}");

    [Fact]
    public Task An_old_request_is_described_the_same() => Same("GET /all\r\n", nameof(An_old_request_is_described_the_same));

    [Fact]
    public Task The_second_request_of_a_connection_is_counted() => Same(
        "GET /all HTTP/1.1\r\nHost: localhost\r\n\r\nGET /early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        nameof(The_second_request_of_a_connection_is_counted));

    [Theory]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", "P-256")]
    [InlineData("-tls1_3", "", "X25519:P-384")]
    public Task What_a_client_offers_is_told_the_same(string version, string ciphers, string groups) => ground.Compare(
        script => script.Tls("tls", new SClient { More = [version, "-groups", groups, .. ciphers.Length == 0 ? (string[])[] : ["-cipher", ciphers]] }),
        $"{nameof(What_a_client_offers_is_told_the_same)}: {version}");
}
