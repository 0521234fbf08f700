namespace Countersign.Conformance;

/// <summary>What the backend receives, byte for byte.</summary>
public sealed class ProxiedRequests(Ground<ProxiedRequests.Servers> ground) : IClassFixture<Ground<ProxiedRequests.Servers>>
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
                location / { proxy_pass http://%%backend:app%%; }
                location /with/ { proxy_pass http://%%backend:app%%/base/; }
                location /without/ { proxy_pass http://%%backend:app%%/base; }
                location /root/ { proxy_pass http://%%backend:app%%/; }
                location = /exact { proxy_pass http://%%backend:app%%/other; }
                location ~ ^/re/(.*)$ { proxy_pass http://%%backend:app%%; }
                location ~ ^/var/(.*)$ { set $target %%backend:app%%; proxy_pass http://$target/v/$1?fixed=1; }
                location /whole/ { set $target %%backend:app%%; proxy_pass http://$target; }
                location /named/ { proxy_pass http://named; }
                location /rewritten/ { rewrite ^/rewritten/(.*)$ /into/$1?added=1 break; proxy_pass http://named; }
                location /headers {
                    proxy_set_header Host $http_host;
                    proxy_set_header Connection "";
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Empty "";
                    proxy_set_header Accept-Encoding "";
                    proxy_set_header X-Mixed "$request_method:$uri:$args:$arg_a";
                    proxy_pass http://named;
                }
                location /host { proxy_set_header Host $host; proxy_set_header Connection ""; proxy_pass http://named; }
                location /hostless { proxy_set_header X-First 1; proxy_set_header Connection ""; proxy_pass http://named; }
                location /bare { proxy_pass_request_headers off; proxy_pass http://named; }
                location /bodiless { proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_set_header Connection ""; proxy_pass http://named; }
                location /replaced { proxy_set_body "body=$request_uri"; proxy_method POST; proxy_pass http://named; }
                location /old { proxy_http_version 1.0; proxy_set_header Host $proxy_host; proxy_set_header Connection close; proxy_pass http://named; }
                location /upgrade {
                    proxy_set_header Host $proxy_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                    proxy_pass http://named;
                }
                location /underscored { proxy_pass http://named; }
            }
            server { listen %%underscores%%; underscores_in_headers on; location / { proxy_pass http://named; } }
            server { listen %%unmerged%%; merge_slashes off; location / { proxy_pass http://named; } location /a { proxy_pass http://named/b; } }
            """;
    }

    public static TheoryData<string, string> Targets() => new()
    {
        { "http", "/" },
        { "http", "/a//b/./c/../d?x=//y" },
        { "http", "/%41%2fb%20c?q=%41+%20" },
        { "http", "/%C3%A9/\u00e9" },
        { "http", "/a;p=1,2:3@!$&'()*+=~-._" },
        { "http", "/a?b?c=d&&e" },
        { "http", "/a?" },
        { "http", "/\"<>[]{}|^`\\" },
        { "http", "/with/a/../b%20c%2Fd?x=1" },
        { "http", "/with/%3Fx%23y%25z?x=1" },
        { "http", "/with//a" },
        { "http", "/without/a" },
        { "http", "/root/a?b" },
        { "http", "/exact?x=1" },
        { "http", "/re/a%20b/../c" },
        { "http", "/var/a%20b?x=1" },
        { "http", "/var/a%0Ab" },
        { "http", "/whole/a%20b?x=1" },
        { "http", "/named/x" },
        { "http", "/rewritten/a%20b%3F?x=1" },
        { "http", "/rewritten/" },
        { "unmerged", "//a///b" },
        { "unmerged", "/a//b" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public Task A_target_reaches_the_backend(string port, string target) =>
        ground.Compare(script => script.Get(port, target), $"{nameof(A_target_reaches_the_backend)}: {port} {target}");

    [Fact]
    public Task Headers_keep_order_case_and_duplicates() => ground.Compare(script => script.Get(
        "http", "/", "x-B: 1\r\nX-a: 2\r\nX-A: 3\r\nCookie: a=1\r\nCookie: b=2\r\nAccept: */*\r\nX-Spaced:  a  b \r\nX-Empty:\r\nUser-Agent: t\r\n"));

    [Fact]
    public Task Hop_by_hop_headers_stay_here() => ground.Compare(script => script.Get(
        "http", "/", "Keep-Alive: 1\r\nUpgrade: x\r\nExpect: 100-continue\r\nX-Kept: 1\r\n"));

    [Fact]
    public Task Transfer_headers_of_the_proxy_stay_here() => ground.Compare(script => script.Get(
        "http", "/", "TE: trailers\r\nTrailer: X-T\r\nProxy-Authorization: Basic eDp5\r\nAuthorization: Basic eDp5\r\n"));

    [Fact]
    public Task A_proxy_connection_header_stays_here() => ground.Compare(script => script.Get("http", "/", "Proxy-Connection: keep-alive\r\n"));

    [Fact]
    public Task The_host_stands_first_unless_it_is_set() => ground.Compare(script => script.Get("http", "/hostless"));

    [Fact]
    public Task A_path_in_a_header_is_one_line() => ground.Compare(script => script.Get("http", "/headers/%0D%0AX-Forged:%201"));

    [Fact]
    public Task Forwarding_headers_are_added() => ground.Compare(script => script.Get(
        "http", "/headers?a=b", "X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 192.0.2.2\r\nX-Real-IP: forged\r\nX-Empty: gone\r\nAccept-Encoding: gzip\r\n"));

    [Fact]
    public Task The_host_is_passed_in_lower_case() => ground.Compare(script =>
        script.Exchange("http", "GET /host HTTP/1.1\r\nHost: LocalHost:8080\r\nConnection: close\r\n\r\n"));

    [Fact]
    public Task No_headers_are_passed_when_told() => ground.Compare(script => script.Exchange(
        "http", "POST /bare HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"));

    [Fact]
    public Task No_body_is_passed_when_told() => ground.Compare(script => script.Exchange(
        "http", "POST /bodiless HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"));

    [Fact]
    public Task Body_and_method_are_replaced_when_told() => ground.Compare(script => script.Get("http", "/replaced?x"));

    [Fact]
    public Task Http_1_0_is_spoken_when_told() => ground.Compare(script => script.Get("http", "/old", "X-A: 1\r\n"));

    [Fact]
    public Task A_get_with_a_body_passes_it() => ground.Compare(script => script.Exchange(
        "http", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"));

    [Fact]
    public Task Underscores_pass_only_when_told() => ground.Compare(async script =>
    {
        await script.Get("http", "/underscored", "X_A: 1\r\n");
        await script.Get("underscores", "/underscored", "X_A: 1\r\n");
    });

    [Fact]
    public Task An_http_1_0_client_needs_no_host() => ground.Compare(script => script.Exchange("http", "GET / HTTP/1.0\r\n\r\n"));

    [Fact]
    public Task A_large_body_arrives_whole() => ground.Compare(script => script.Exchange(
        "http", $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n{new string('b', 200000)}"));

    [Fact]
    public Task An_upgraded_connection_is_a_tunnel() => ground.Compare(async script =>
    {
        script.Backend().Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\nfirst");
            await connection.Send(await connection.ReadBytes(5));
        };
        using var client = await script.Connect("http");
        await client.Send("GET /upgrade HTTP/1.1\r\nHost: localhost\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n");
        script.Saw((await client.Read()).Text);
        script.Saw(await client.ReadExactly(5));
        await client.Send("hello");
        script.Saw(await client.ReadToEnd());
    });
}
