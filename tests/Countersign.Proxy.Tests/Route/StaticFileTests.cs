namespace Countersign.Proxy.Tests.Route;

public sealed class StaticFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cs-").FullName;

    public StaticFileTests()
    {
        Write("index.html", "<p>index</p>\n");
        Write("a.txt", "0123456789abcdefghij");
        Write("empty.txt", "");
        Write("dir/index.html", "<p>dir</p>\n");
        Write("bare/file.txt", "bare\n");
        Write("b\u00fc.txt", "umlaut");
        Write("big.bin", new string('b', 100_000));
    }

    [Fact]
    public void A_file_comes_with_its_dates_and_tags() => Get("/a.txt").ShouldBe(
        $"HTTP/1.1 200 OK\nServer: {Signature.Full}\nContent-Type: text/plain\nContent-Length: 20\nLast-Modified: Fri, 02 Jan 2026 03:04:05 GMT\n"
        + "Connection: close\nETag: \"695735a5-14\"\nAccept-Ranges: bytes\n\n0123456789abcdefghij");

    [Theory]
    [InlineData("/", "<p>index</p>")]
    [InlineData("/dir/", "<p>dir</p>")]
    [InlineData("/b%C3%BC.txt", "umlaut")]
    [InlineData("/alias/a.txt", "0123456789abcdefghij")]
    [InlineData("/users/dir/index.html", "<p>dir</p>")]
    [InlineData("/tried/a", "0123456789abcdefghij")]
    [InlineData("/tried/nothing", "fallback /tried/nothing")]
    public void A_path_finds_its_file(string target, string content) => Get(target).TrimEnd().ShouldEndWith("\n\n" + content);

    [Theory]
    [InlineData("/missing", 404, "open() \"{0}/missing\" failed (2: No such file or directory), client: 127.0.0.1")]
    [InlineData("/a.txt/more", 404, "open() \"{0}/a.txt/more\" failed (20: Not a directory), client")]
    [InlineData("/bare/", 403, "directory index of \"{0}/bare/\" is forbidden, client")]
    [InlineData("/missing/", 404, "\"{0}/missing/index.html\" is not found (2: No such file or directory), client")]
    [InlineData("/a.txt/", 404, "\"{0}/a.txt/index.html\" is not found (20: Not a directory), client")]
    public void What_is_not_there_is_logged_in_nginx_s_words(string target, int status, string line)
    {
        Answered.By(Server, $"GET {target} HTTP/1.1", out var log).ShouldStartWith($"HTTP/1.1 {status} ");
        log.ShouldContain(entry => entry.StartsWith("[error] *7 " + string.Format(null, line, _folder), StringComparison.Ordinal));
    }

    [Fact]
    public void Log_not_found_off_is_silent()
    {
        Answered.By("log_not_found off; " + Server, "GET /missing HTTP/1.1", out var log);
        log.ShouldNotContain(entry => entry.StartsWith("[error]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/dir", "http://routes.test:8080/dir/")]
    [InlineData("/dir?x=1", "http://routes.test:8080/dir/?x=1")]
    [InlineData("/alias/dir", "http://routes.test:8080/alias/dir/")]
    public void A_folder_without_its_slash_redirects(string target, string location) =>
        Get(target).ShouldContain($"\nLocation: {location}\nConnection: close\n");

    [Theory]
    [InlineData("POST", "/a.txt", 405)]
    [InlineData("POST", "/missing", 404)]
    [InlineData("DELETE", "/a.txt", 405)]
    [InlineData("OPTIONS", "/", 405)]
    [InlineData("POST", "/bare/", 403)]
    public void Only_GET_and_HEAD_read_files(string method, string target, int status) =>
        Answered.By(Server, $"{method} {target} HTTP/1.1").ShouldStartWith($"HTTP/1.1 {status} ");

    [Fact]
    public void HEAD_has_the_head_only() => Answered.By(Server, "HEAD /a.txt HTTP/1.1").ShouldEndWith("\nContent-Length: 20\n"
        + "Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT\nConnection: close\nETag: \"695735a5-14\"\nAccept-Ranges: bytes\n\n");

    [Theory]
    [InlineData("If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT", 304)]
    [InlineData("If-None-Match: \"695735a5-14\"", 304)]
    [InlineData("If-Match: \"x\"", 412)]
    [InlineData("If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT", 412)]
    [InlineData("Range: bytes=50-60", 416)]
    [InlineData("Range: bytes=0-4", 206)]
    public void Conditions_and_ranges_change_the_status(string header, int status) =>
        Get("/a.txt", header).ShouldStartWith($"HTTP/1.1 {status} ");

    [Fact]
    public void A_304_says_what_still_holds_and_has_no_body() => Get("/a.txt", "If-None-Match: *").ShouldBe(
        $"HTTP/1.1 304 Not Modified\nServer: {Signature.Full}\nLast-Modified: Fri, 02 Jan 2026 03:04:05 GMT\nConnection: close\nETag: \"695735a5-14\"\n\n");

    [Fact]
    public void One_range_is_a_part_of_the_body()
    {
        var answer = Get("/a.txt", "Range: bytes=5-7");
        answer.ShouldContain("\nContent-Length: 3\n");
        answer.ShouldContain("\nContent-Range: bytes 5-7/20\n");
        answer.ShouldEndWith("\n\n567");
    }

    [Fact]
    public void A_range_of_a_large_file_is_cut_where_it_should()
    {
        var answer = Get("/big.bin", "Range: bytes=20000-89999");
        answer.ShouldContain("\nContent-Length: 70000\n");
        answer[(answer.IndexOf("\n\n", StringComparison.Ordinal) + 2)..].Length.ShouldBe(70000);
    }

    [Fact]
    public void Several_ranges_are_parts_with_heads_of_their_own()
    {
        var answer = Get("/a.txt", "Range: bytes=0-0,2-3");
        var boundary = answer.Split("boundary=")[1].Split('\n')[0];
        var body = $"\n--{boundary}\nContent-Type: text/plain\nContent-Range: bytes 0-0/20\n\n0"
            + $"\n--{boundary}\nContent-Type: text/plain\nContent-Range: bytes 2-3/20\n\n23\n--{boundary}--\n";
        answer.ShouldEndWith("\n\n" + body);
        answer.ShouldContain($"\nContent-Length: {body.Replace("\n", "\r\n").Length}\n");
    }

    [Fact]
    public void A_range_past_the_end_says_how_long_the_body_is() => Get("/a.txt", "Range: bytes=20-")
        .ShouldContain("\nConnection: close\nContent-Range: bytes */20\n\n<html>");

    [Fact]
    public void Headers_are_added_before_what_the_range_filter_adds() =>
        Answered.By("expires 1h; add_header X-Own 1; etag off; " + Server, "GET /a.txt HTTP/1.1")
            .ShouldContain("\nCache-Control: max-age=3600\nX-Own: 1\nAccept-Ranges: bytes\n\n");

    [Fact]
    public void Last_Modified_may_be_taken_away_or_replaced()
    {
        Answered.By("add_header Last-Modified \"\"; " + Server, "GET /a.txt HTTP/1.1").ShouldNotContain("Last-Modified");
        Answered.By("add_header Last-Modified \"Sat, 03 Jan 2026 03:04:05 GMT\"; " + Server, "GET /a.txt HTTP/1.1")
            .ShouldContain("\nETag: \"695735a5-14\"\nLast-Modified: Sat, 03 Jan 2026 03:04:05 GMT\n");
    }

    [Fact]
    public void A_trailer_stands_behind_the_body_in_chunks() =>
        Answered.By("add_trailer X-End $status; " + Server, "GET /a.txt HTTP/1.1").ShouldEndWith("\n\n14\n0123456789abcdefghij\n0\nX-End: 200\n\n");

    private string Server => $$"""
        types { text/html html; text/plain txt; }
        root {{_folder}};
        location /alias/ { alias {{_folder}}/; }
        location ~ ^/users/(\w+)/(.*)$ { alias {{_folder}}/$1/$2; }
        location /tried/ { alias {{_folder}}/; try_files $uri.txt $uri/ @fallback; }
        location @fallback { return 200 "fallback $uri"; }
        """;

    private string Get(string target, string header = "X-None: 1") => Answered.By(Server, $"GET {target} HTTP/1.1\r\n{header}");

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
