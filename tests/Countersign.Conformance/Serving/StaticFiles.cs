namespace Countersign.Conformance;

/// <summary>root, alias, index, and the conditions and ranges of plain files.</summary>
public sealed class StaticFiles(Ground<StaticFiles.Servers> ground) : IClassFixture<Ground<StaticFiles.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http => """
            server {
                listen %%http%%;
                server_name localhost;
                types { text/html html; text/plain txt; text/css css; application/json json; }
                default_type application/octet-stream;
                root html;
                location /aliased/ { alias html/dir/; }
                location ~ ^/users/(\w+)/(.*)$ { alias html/$1/$2; }
                location /typed/ { alias html/; default_type text/x-own; types { } }
                location /no-etag/ { alias html/; etag off; }
                location /exact-since/ { alias html/; if_modified_since before; }
                location /other-index/ { alias html/dir/; index missing.html second.txt; }
                location /relative/ { alias html/; absolute_redirect off; }
                location /portless/ { alias html/; port_in_redirect off; }
                location /tried/ { try_files $uri.txt $uri/ /a.txt?tried; }
                location /tried-code/ { try_files $uri =410; }
                location /tried-named/ { try_files $uri @fallback; }
                location @fallback { return 200 "fallback $uri\n"; }
                location /ranges-off/ { alias html/; max_ranges 0; }
                location /one-range/ { alias html/; max_ranges 1; }
            }
            """;

        public override void Files(string prefix)
        {
            Write("index.html", "<p>index</p>\n");
            Write("a.txt", "0123456789abcdefghij");
            Write("empty.txt", "");
            Write("style.css", "p { }\n");
            Write("data.json", "{}\n");
            Write("unknown.zzz", "?");
            Write("with space.txt", "space\n");
            Write("bin\u00e4r.txt", "umlaut\n");
            Write("dir/index.html", "<p>dir</p>\n");
            Write("dir/second.txt", "second\n");
            Write("bare/file.txt", "bare\n");
            Write("big.txt", new string('b', 100_000));

            void Write(string name, string text)
            {
                var path = Path.Combine(prefix, "html", name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
                File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
            }
        }
    }

    private const string Written = "Fri, 02 Jan 2026 03:04:05 GMT";

    public static TheoryData<string, string> All() => new()
    {
        { "/", "" },
        { "/a.txt", "" },
        { "/empty.txt", "" },
        { "/style.css", "" },
        { "/data.json", "" },
        { "/unknown.zzz", "" },
        { "/with%20space.txt", "" },
        { "/bin%C3%A4r.txt", "" },
        { "/big.txt", "" },
        { "/dir", "" },
        { "/dir?x=1", "" },
        { "/dir/", "" },
        { "/bare/", "" },
        { "/bare", "" },
        { "/missing", "" },
        { "/missing%0Aline", "" },
        { "/missing/", "" },
        { "/a.txt/", "" },
        { "/a.txt/more", "" },
        { "/dir/../a.txt", "" },
        { "/..%2f..%2fetc/passwd", "" },
        { "/aliased/index.html", "" },
        { "/aliased/", "" },
        { "/aliased/missing", "" },
        { "/users/dir/second.txt", "" },
        { "/typed/a.txt", "" },
        { "/no-etag/a.txt", "" },
        { "/other-index/", "" },
        { "/relative/dir", "" },
        { "/portless/dir", "" },
        { "/tried/nothing", "" },
        { "/tried-code/nothing", "" },
        { "/tried-named/nothing", "" },
        { "/a.txt", $"If-Modified-Since: {Written}\r\n" },
        { "/a.txt", "If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT\r\n" },
        { "/a.txt", "If-Modified-Since: Fri, 02 Jan 2026 03:04:06 GMT\r\n" },
        { "/exact-since/a.txt", "If-Modified-Since: Fri, 02 Jan 2026 03:04:06 GMT\r\n" },
        { "/a.txt", "If-Modified-Since: yesterday\r\n" },
        { "/a.txt", "If-None-Match: \"695735a5-14\"\r\n" },
        { "/a.txt", "If-None-Match: W/\"695735a5-14\", \"x\"\r\n" },
        { "/a.txt", "If-None-Match: *\r\n" },
        { "/a.txt", "If-None-Match: \"x\"\r\n" },
        { "/a.txt", "If-Match: \"x\"\r\n" },
        { "/a.txt", "If-Match: \"695735a5-14\"\r\n" },
        { "/a.txt", $"If-Unmodified-Since: {Written}\r\n" },
        { "/a.txt", "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT\r\n" },
        { "/a.txt", "Range: bytes=0-4\r\n" },
        { "/a.txt", "Range: bytes=5-\r\n" },
        { "/a.txt", "Range: bytes=-5\r\n" },
        { "/a.txt", "Range: bytes=0-0,2-3\r\n" },
        { "/a.txt", "Range: bytes=50-60\r\n" },
        { "/a.txt", "Range: bytes=5-3\r\n" },
        { "/a.txt", "Range: lines=1-2\r\n" },
        { "/a.txt", "Range: bytes=0-99\r\n" },
        { "/empty.txt", "Range: bytes=0-0\r\n" },
        { "/ranges-off/a.txt", "Range: bytes=0-4\r\n" },
        { "/one-range/a.txt", "Range: bytes=0-0,2-3\r\n" },
        { "/a.txt", $"Range: bytes=0-4\r\nIf-Range: {Written}\r\n" },
        { "/a.txt", "Range: bytes=0-4\r\nIf-Range: \"695735a5-14\"\r\n" },
        { "/a.txt", "Range: bytes=0-4\r\nIf-Range: \"x\"\r\n" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_file_is_served_the_same(string target, string headers) => ground.Compare(
        async script =>
        {
            if (!headers.Contains("0-0,2-3", StringComparison.Ordinal))
            {
                await script.Get("http", target, headers);
                return;
            }

            // The boundary between parts counts up from where the process happened to start.
            using var client = await script.Connect("http");
            await client.Send($"GET {target} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");
            var answer = await client.ReadToEnd();
            var boundary = HttpMessage.Header(answer, "Content-Type")?.Split("boundary=").ElementAtOrDefault(1);
            script.Saw(boundary is null ? answer : answer.Replace(boundary, "<boundary>"));
        },
        $"{nameof(A_file_is_served_the_same)}: {target} {headers.Trim()}".Trim());

    [Theory]
    [InlineData("POST", "/a.txt")]
    [InlineData("PUT", "/a.txt")]
    [InlineData("DELETE", "/a.txt")]
    [InlineData("OPTIONS", "/a.txt")]
    [InlineData("POST", "/missing")]
    [InlineData("POST", "/dir/")]
    public Task Only_get_and_head_read_files(string method, string target) => ground.Compare(
        script => script.Exchange("http", $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        $"{nameof(Only_get_and_head_read_files)}: {method} {target}");

    [Fact]
    public Task Head_of_a_file_has_its_headers() => ground.Compare(script =>
        script.Exchange("http", "HEAD /a.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
}
