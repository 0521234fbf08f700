namespace Countersign.Conformance;

/// <summary>Locations, return, if, set, rewrite, map, try_files and error_page.</summary>
public sealed class Rewriting(Ground<Rewriting.Servers> ground) : IClassFixture<Ground<Rewriting.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http => """
            map $arg_m $mapped { default none; "" empty; exact is-exact; ~^re(?<rest>\d+)$ "regex $rest"; ~*^CASE insensitive; $arg_n same-as-n; }
            map $host $by_host { hostnames; default other; .wild.test wild; exact.test exact; end.* ended; }
            map $arg_v $volatile { volatile; default $arg_w; }
            server {
                listen %%http%%;
                server_name localhost;
                set $outer "set in server";
                location / { return 200 "prefix / $uri\n"; }
                location /longer { return 200 "prefix /longer\n"; }
                location /longer/still { return 200 "prefix /longer/still\n"; }
                location = /longer/exact { return 200 "exact\n"; }
                location ^~ /images/ { return 200 "no regex\n"; }
                location ~ \.(gif|jpg)$ { return 200 "regex $1\n"; }
                location ~* \.(PNG)$ { return 200 "regex* $1\n"; }
                location ~ ^/named/(?<who>\w+)/(?<what>.+)$ { return 200 "$who $what $1\n"; }
                location /nest { location /nest/in { return 200 "nested\n"; } location ~ x$ { return 200 "nested regex\n"; } return 200 "nesting\n"; }

                location /r301 { return 301 /else$is_args$args; }
                location /r302 { return 302 https://other.test/x; }
                location /r303 { return 303 /see; }
                location /r307 { return 307 $scheme://$host/a; }
                location /r308 { return 308 /b; }
                location /r-url { return http://other.test/only; }
                location /r200 { return 200; }
                location /r204 { return 204 "dropped"; }
                location /r299 { return 299 "odd\n"; }
                location /r403 { return 403; }
                location /r500 { return 500; }
                location /r-json { default_type application/json; return 200 '{"a":"$arg_a","q":"$query_string"}'; }

                location /if {
                    set $r "";
                    if ($arg_a) { set $r "${r}a"; }
                    if ($arg_a = b) { set $r "${r}=b"; }
                    if ($arg_a != b) { set $r "${r}!=b"; }
                    if ($arg_a ~ ^(x+)Y) { set $r "${r}~$1"; }
                    if ($arg_a ~* ^XY) { set $r "${r}~*"; }
                    if ($arg_a !~ z) { set $r "${r}!~z"; }
                    if ($request_method = POST) { return 405; }
                    if (-f html/there.txt) { set $r "${r}-f"; }
                    if (!-e html/nowhere) { set $r "${r}!-e"; }
                    if (-d html) { set $r "${r}-d"; }
                    return 200 "[$r] $outer\n";
                }
                location /if-file { if (-f $document_root/there.txt) { return 200 "there\n"; } return 200 "not there\n"; }

                location /rw-last { rewrite ^/rw-last/(.*)$ /longer/$1 last; return 200 "not reached\n"; }
                location /rw-break { rewrite ^/rw-break/(.*)$ /into/$1 break; return 200 "not reached by break? $uri\n"; }
                location /rw-redirect { rewrite ^/rw-redirect/(.*)$ /to/$1 redirect; }
                location /rw-permanent { rewrite ^/rw-permanent/(.*)$ /to/$1? permanent; }
                location /rw-http { rewrite ^/rw-http/(.*)$ http://other.test/$1; }
                location /rw-args { rewrite ^/rw-args/(.*)$ /show?first=$1 last; }
                location /rw-noargs { rewrite ^ /show? last; }
                location /rw-chain { rewrite ^/rw-chain/(.*)$ /step/$1; rewrite ^/step/(.*)$ /show/$1 last; }
                location /rw-cycle { rewrite ^ /rw-cycle last; }
                location /rw-space { rewrite ^/rw-space/(.*)$ /show/$1/%20x last; }
                location /show { return 200 "$uri|$args|$request_uri\n"; }

                location /map { return 200 "$mapped|$by_host|$volatile\n"; }

                location /ep-404 { error_page 404 /ep-page; return 404; }
                location /ep-code { error_page 404 =200 /ep-page; return 404; }
                location /ep-eq { error_page 404 = /ep-page; return 404; }
                location /ep-named { error_page 403 404 @named; return 403; }
                location /ep-external { error_page 403 https://other.test/denied; return 403; }
                location /ep-method { error_page 405 =200 /ep-page; return 405; }
                location /ep-chain { error_page 404 /ep-missing; return 404; }
                location /ep-missing { return 404; }
                location /ep-page { internal; return 410 "page for $status $uri $request_uri\n"; }
                location @named { return 200 "named $uri\n"; }
                location /internal { internal; return 200 "inside\n"; }
                location /vars { return 200 "$request_method|$request_uri|$document_uri|$args|$is_args|$arg_b|$http_user_agent|$http_x_y|$cookie_c|$server_port|$server_name|$server_protocol|$scheme|$remote_addr|$content_type|$request_length|$nginx_unknown_is_not_here_but_dollar\n"; }
            }
            """.Replace("|$nginx_unknown_is_not_here_but_dollar", "");

        public override void Files(string prefix) => File.WriteAllText(Path.Combine(prefix, "html", "there.txt"), "there");
    }

    public static TheoryData<string> Targets() =>
    [
        "/", "/other", "/longer", "/longers", "/longer/stil", "/longer/still/x", "/longer/exact", "/longer/exact/", "/images/a.gif", "/a.gif", "/a.GIF", "/a.png",
        "/named/me/it/too", "/nest", "/nest/in", "/nest/x", "/%6conger",
        "/r301?x=1", "/r302", "/r303", "/r307", "/r308", "/r-url", "/r200", "/r204", "/r299", "/r403", "/r500", "/r-json?a=b%22c",
        "/if", "/if?a=b", "/if?a=0", "/if?a=xxY", "/if?a=xyz", "/if-file",
        "/rw-last/a?b", "/rw-break/a", "/rw-redirect/a%20b?c", "/rw-permanent/a?c", "/rw-http/a?b", "/rw-args/a%26b?c=d", "/rw-noargs?x", "/rw-chain/a", "/rw-cycle", "/rw-space/%25a",
        "/map", "/map?m=exact", "/map?m=EXACT", "/map?m=re12", "/map?m=cAsE", "/map?m=x&n=x", "/map?v=1&w=2",
        "/ep-404", "/ep-code", "/ep-eq", "/ep-named", "/ep-external", "/ep-chain", "/internal", "/ep-page", "/vars?b=1&c",
    ];

    [Theory]
    [MemberData(nameof(Targets))]
    public Task A_target_finds_the_same_end(string target) =>
        ground.Compare(script => script.Get("http", target, "User-Agent: t\r\nX-Y: 1\r\nCookie: a=1; c=2\r\n"), $"{nameof(A_target_finds_the_same_end)}: {target}");

    [Theory]
    [InlineData("exact.test")]
    [InlineData("a.wild.test")]
    [InlineData("wild.test")]
    [InlineData("end.test")]
    public Task A_map_of_host_names_is_the_same(string host) => ground.Compare(
        script => script.Exchange("http", $"GET /map HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        $"{nameof(A_map_of_host_names_is_the_same)}: {host}");

    [Theory]
    [InlineData("/if")]
    [InlineData("/ep-method")]
    [InlineData("/ep-404")]
    [InlineData("/r301")]
    public Task A_post_finds_the_same_end(string target) => ground.Compare(
        script => script.Exchange("http", $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"),
        $"{nameof(A_post_finds_the_same_end)}: {target}");
}
