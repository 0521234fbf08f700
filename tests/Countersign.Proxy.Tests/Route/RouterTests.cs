namespace Countersign.Proxy.Tests.Route;

/// <summary>What comes out of nginx's phases.</summary>
public sealed class RouterTests
{
    [Fact]
    public void A_text_is_returned_with_its_type_and_length() =>
        Answered.By("location / { default_type text/x-own; return 200 here; }", "GET / HTTP/1.1").ShouldBe(
            $"HTTP/1.1 200 OK\nServer: {Signature.Full}\nContent-Type: text/x-own\nContent-Length: 4\nConnection: close\n\nhere");

    [Fact]
    public void A_redirect_to_a_path_becomes_a_whole_URL() =>
        Answered.By("location / { return 301 /there; }", "GET / HTTP/1.1")
            .ShouldContain("\nLocation: http://routes.test:8080/there\nConnection: close\n");

    [Fact]
    public void A_redirect_to_a_URL_stands_among_the_other_headers() =>
        Answered.By("location / { add_header X-Own 1; return 302 https://other.test/x; }", "GET / HTTP/1.1")
            .ShouldContain("\nConnection: close\nLocation: https://other.test/x\nX-Own: 1\n\n<html>");

    [Theory]
    [InlineData("return 444;")]
    [InlineData("return 408;")]
    [InlineData("return 499;")]
    public void Some_statuses_close_without_a_byte(string returns) => Answered.By($"location / {{ {returns} }}", "GET / HTTP/1.1").ShouldBe("");

    [Fact]
    public void An_error_page_keeps_the_status_and_asks_with_GET() =>
        Answered.By("location / { error_page 405 /page; return 405; } location /page { internal; return 200 \"$request_method $uri\"; }", "POST /x HTTP/1.1")
            .ShouldSatisfyAllConditions(
                answer => answer.ShouldStartWith("HTTP/1.1 405 Not Allowed\n"),
                answer => answer.ShouldEndWith("\n\nGET /page"));

    [Theory]
    [InlineData("error_page 404 =200 /page;", "200 OK")]
    [InlineData("error_page 404 = /page;", "410 Gone")]
    [InlineData("error_page 404 @page;", "403 Forbidden")]
    [InlineData("error_page 404 https://other.test/;", "302 Moved Temporarily")]
    [InlineData("error_page 404 =301 https://other.test/;", "301 Moved Permanently")]
    [InlineData("error_page 404 /again;", "403 Forbidden")]
    [InlineData("error_page 404 @none;", "500 Internal Server Error")]
    public void An_error_page_says_which_status_goes_out(string page, string status) =>
        Answered.By($"location / {{ {page} return 404; }} location /page {{ return 410 text; }} location /again {{ return 403; }} location @page {{ return 403; }}", "GET /x HTTP/1.1")
            .ShouldStartWith($"HTTP/1.1 {status}\n");

    [Fact]
    public void An_error_of_an_error_page_is_caught_only_when_told()
    {
        const string Pages = "location / { error_page 404 /first; return 404; } location /first { error_page 403 /second; return 403; } location /second { return 200 second; }";
        Answered.By(Pages, "GET / HTTP/1.1").ShouldContain("<h1>403 Forbidden</h1>");
        Answered.By("recursive_error_pages on; " + Pages, "GET / HTTP/1.1").ShouldEndWith("\n\nsecond");
    }

    [Theory]
    [InlineData("location / { rewrite ^ /again last; }", "rewrite or internal redirection cycle while processing \"/again\"")]
    [InlineData("location / { error_page 404 /again; recursive_error_pages on; return 404; }", "rewrite or internal redirection cycle while internally redirecting to \"/again\"")]
    [InlineData("recursive_error_pages on; location / { error_page 404 @own; return 404; } location @own { error_page 403 @own; return 403; }", "rewrite or internal redirection cycle while redirect to named location \"@own\"")]
    public void Ten_redirections_are_a_cycle(string server, string line)
    {
        Answered.By(server, "GET /x HTTP/1.1", out var log).ShouldStartWith("HTTP/1.1 500 ");
        log.ShouldContain(entry => entry.StartsWith("[error]", StringComparison.Ordinal) && entry.Contains(line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/a%20b?c", "rewrite ^/(.*)$ /to/$1 redirect;", "Location: http://routes.test:8080/to/a%20b?c")]
    [InlineData("/a?c", "rewrite ^/(.*)$ /to/$1? permanent;", "Location: http://routes.test:8080/to/a")]
    [InlineData("/a?c", "rewrite ^/(.*)$ /to/$1?x=$1 redirect;", "Location: http://routes.test:8080/to/a?x=a&c")]
    [InlineData("/a%26b?c", "rewrite ^/(.*)$ http://other.test/$1;", "Location: http://other.test/a&b?c")]
    public void A_rewrite_may_redirect(string target, string rewrite, string location) =>
        Answered.By($"location / {{ {rewrite} }}", $"GET {target} HTTP/1.1").ShouldContain($"\n{location}\n");

    [Theory]
    [InlineData("/args/a%26b?c=d", "/show|first=a%26b&c=d")]
    [InlineData("/drop/x?c=d", "/show/x|")]
    [InlineData("/chain/x", "/show/x|")]
    [InlineData("/break/x", "/into/x|")]
    public void A_rewrite_changes_path_and_arguments(string target, string expected) =>
        Answered.By("""
            location /args { rewrite ^/args/(.*)$ /show?first=$1 last; }
            location /drop { rewrite ^/drop/(.*)$ /show/$1? last; }
            location /chain { rewrite ^/chain/(.*)$ /step/$1; rewrite ^/step/(.*)$ /show/$1 last; }
            location /break { rewrite ^/break/(.*)$ /into/$1; break; return 200 no; }
            location / { return 200 "$uri|$args"; }
            error_page 404 = @shown;
            location @shown { return 200 "$uri|$args"; }
            """, $"GET {target} HTTP/1.1").ShouldEndWith("\n\n" + expected);

    [Theory]
    [InlineData("/", "[!=b!~z]")]
    [InlineData("/?a=b", "[a=b!~z]")]
    [InlineData("/?a=0", "[!=b!~z]")]
    [InlineData("/?a=xxY", "[a!=b~xx!~z]")]
    public void Conditions_hold_or_not(string target, string expected) =>
        Answered.By("""
            location / {
                set $r "";
                if ($arg_a) { set $r "${r}a"; }
                if ($arg_a = b) { set $r "${r}=b"; }
                if ($arg_a != b) { set $r "${r}!=b"; }
                if ($arg_a ~ ^(x+)Y) { set $r "${r}~$1"; }
                if ($arg_a !~ z) { set $r "${r}!~z"; }
                return 200 "[$r]";
            }
            """, $"GET {target} HTTP/1.1").ShouldEndWith($"\n\n{expected}");

    [Fact]
    public void A_body_too_large_is_refused_with_nginx_s_line()
    {
        Answered.By("client_max_body_size 3; location / { return 200 no; }", "POST / HTTP/1.1\r\nContent-Length: 4", out var log, "abcd")
            .ShouldStartWith("HTTP/1.1 413 Request Entity Too Large\n");
        log.ShouldContain(entry => entry.Contains("client intended to send too large body: 4 bytes, client: 127.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "200 OK")]
    [InlineData("HEAD", "200 OK")]
    [InlineData("POST", "403 Forbidden")]
    [InlineData("BREW", "403 Forbidden")]
    public void Limit_except_limits_all_other_methods(string method, string status)
    {
        var folder = Directory.CreateTempSubdirectory("cs-").FullName;
        File.WriteAllText(Path.Combine(folder, "a"), "a");
        Answered.By($"root {folder}; location / {{ limit_except GET {{ deny all; }} }}", $"{method} /a HTTP/1.1").ShouldStartWith($"HTTP/1.1 {status}\n");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("deny all;", "403")]
    [InlineData("allow 127.0.0.0/8; deny all;", "404")]
    [InlineData("deny 127.0.0.0/30;", "403")]
    [InlineData("deny 127.0.0.2; allow all;", "404")]
    [InlineData("allow ::1; deny all;", "403")]
    [InlineData("deny unix:;", "404")]
    public void The_first_rule_for_the_address_decides(string rules, string status) =>
        Answered.By($"root /nowhere; {rules}", "GET /a HTTP/1.1").ShouldStartWith($"HTTP/1.1 {status} ");
}
