using System.Text.RegularExpressions;

namespace Countersign.Conformance;

/// <summary>allow, deny, limit_except, and the headers we add ourselves.</summary>
public sealed partial class AccessAndHeaders(Ground<AccessAndHeaders.Servers> ground) : IClassFixture<Ground<AccessAndHeaders.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            add_header X-Http http;
            server {
                listen %%http%%;
                location /inherited { return 200 "x"; }
                location /own { add_header X-Own own; return 200 "x"; }
                location /not-for-errors { add_header X-Own own; return 404 "x"; }
                location /always { add_header X-Own "$uri" always; return 404 "x"; }
                location /empty { add_header X-Own ""; return 200 "x"; }
                location /several { add_header X-A 1; add_header X-A 2; add_header Cache-Control no-store; return 200 "x"; }
                location /redirected { add_header X-Own own; return 302 /x; }
                location /proxied { add_header X-Own "$upstream_http_x_from"; proxy_pass http://%%backend:app%%; }
                location /modified { add_header Last-Modified ""; alias html/; }
                location /trailer { add_trailer X-Trailer "at $status"; proxy_pass http://%%backend:app%%; }
                location /epoch { expires epoch; return 200 "x"; }
                location /max { expires max; return 200 "x"; }
                location /hour { expires 1h; return 200 "x"; }
                location /past { expires -1; return 200 "x"; }
                location /off { expires off; return 200 "x"; }
                location /varied { set $life 5m; expires $life; return 200 "x"; }
                location /not-on-404 { expires 1h; return 404 "x"; }
                location /tokens { server_tokens off; return 404; }
                location /typed { default_type text/x-own; return 200 "x"; }
                location /untyped { default_type ""; return 200 "x"; }

                location /denied { deny all; proxy_pass http://%%backend:app%%; }
                location /allowed { allow 127.0.0.0/8; deny all; proxy_pass http://%%backend:app%%; }
                location /first-match { deny 127.0.0.1; allow all; proxy_pass http://%%backend:app%%; }
                location /denied-range { deny 127.0.0.0/30; proxy_pass http://%%backend:app%%; }
                location /ipv6 { allow ::1; deny all; proxy_pass http://%%backend:app%%; }
                location /returned { deny all; return 200 "return comes first"; }
                location /denied-page { deny all; error_page 403 /own-page; proxy_pass http://%%backend:app%%; }
                location = /own-page { internal; allow all; return 200 "own page"; }
                location /read-only { limit_except GET { deny all; } proxy_pass http://%%backend:app%%; }
                location /some { limit_except GET POST { deny all; } proxy_pass http://%%backend:app%%; }
            }
            """;
    }

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var target in (string[])
            [
                "inherited", "own", "not-for-errors", "always", "empty", "several", "redirected", "proxied", "modified", "trailer", "epoch", "max", "hour", "past", "off", "varied",
                "not-on-404", "tokens", "typed", "untyped", "denied", "allowed", "first-match", "denied-range", "ipv6", "returned", "denied-page", "read-only", "some",
            ])
        {
            all.Add("GET", "/" + target);
        }

        foreach (var method in (string[])["POST", "PUT", "DELETE", "OPTIONS"])
        {
            all.Add(method, "/read-only");
            all.Add(method, "/some");
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task A_request_is_answered_the_same(string method, string target) => ground.Compare(
        async script =>
        {
            script.Backend().Answer("HTTP/1.1 200 OK\r\nX-From: backend\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            using var client = await script.Connect("http");
            await client.Send($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            script.Saw(Soon().Replace(await client.ReadToEnd(), "Expires: <soon>"));
        },
        $"{nameof(A_request_is_answered_the_same)}: {method} {target}");

    // The two fixed dates stay; one that counts from now is another second on the other server.
    [GeneratedRegex(@"(?<=\n)Expires: (?!Thu, 01 Jan 1970|Thu, 31 Dec 2037)[^\r]*")]
    private static partial Regex Soon();
}
