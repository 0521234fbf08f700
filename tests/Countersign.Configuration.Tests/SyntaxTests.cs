using CsCheck;

namespace Countersign.Configuration.Tests;

public sealed class SyntaxTests
{
    private static string Text(string argument) =>
        Loading.Server($"return 200 {argument};").Servers[0].Rewrite[0].ShouldBeOfType<ReturnStep>().Text!.Source;

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("'a b'", "a b")]
    [InlineData("\"a;b{c}#d\"", "a;b{c}#d")]
    [InlineData(@"a\ b", @"a\ b")]
    [InlineData(@"""a\""b\n""", "a\"b\n")]
    [InlineData(@"'a\tb\\c\d'", "a\tb\\c\\d")]
    [InlineData("a#b", "a#b")]
    [InlineData("a'b'", "a'b'")]
    [InlineData("\"\"", "")]
    public void Quotes_and_backslashes_are_read_as_nginx_reads_them(string written, string read) => Text(written).ShouldBe(read);

    [Fact]
    public void Bytes_beyond_ASCII_arrive_as_they_stand_in_the_file()
    {
        var value = Loading.Server("return 200 ä;").Servers[0].Rewrite[0].ShouldBeOfType<ReturnStep>().Text!;

        value.Constant.ShouldBe("ä"u8.ToArray());
    }

    [Fact]
    public void A_problem_points_at_the_word()
    {
        var problem = Loading.Load("events { }\nhttp {\n  foo bar;\n}\n").Problems.ShouldHaveSingleItem();

        problem.Word.ShouldBe(new SourcePosition(Loading.File, 3, 3));
    }

    [Fact]
    public void A_directive_over_lines_is_named_by_its_last_line_as_nginx_does()
    {
        var problem = Loading.Load("events { }\nhttp {\n  foo\n    bar\n  ;\n}\n").Problems.ShouldHaveSingleItem();

        problem.Position!.Line.ShouldBe(5);
        problem.Word!.Line.ShouldBe(3);
    }

    [Theory]
    [InlineData("listen 443 ssl\nserver_name a;")]
    [InlineData("root /a\nlocation / { }")]
    [InlineData("ssl_verify_client on\nssl_verify_depth 2;")]
    public void A_missing_semicolon_is_named_as_the_cause(string inside)
    {
        var problem = Loading.Load("events { } http { server {\n" + inside + "\n} }").Problems.First();

        problem.Advice.ShouldBe("Is a semicolon missing at the end of line 2?");
    }

    [Fact]
    public void Files_are_included_in_the_order_of_their_names()
    {
        var plan = Loading.Plan("events { } http { include conf.d/*.conf; }",
            ("/etc/nginx/conf.d/b.conf", "server { server_name b; }"),
            ("/etc/nginx/conf.d/a.conf", "server { server_name a; }"),
            ("/etc/nginx/conf.d/.hidden.conf", "nonsense"),
            ("/etc/nginx/conf.d/c.txt", "nonsense"));

        plan.Http!.Servers.Select(server => server.Name).ShouldBe(["a", "b"]);
        plan.Files.Select(file => file.Path).ShouldBe([Loading.File, "/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf"]);
    }

    [Fact]
    public void A_problem_in_an_included_file_names_that_file()
    {
        var problem = Loading.Load("events { } http { include a.conf; }", ("/etc/nginx/a.conf", "\n\nfoo;")).Problems.ShouldHaveSingleItem();

        ProblemText.NginxLine(problem).ShouldBe("unknown directive \"foo\" in /etc/nginx/a.conf:3");
    }

    [Fact]
    public void A_file_that_includes_itself_is_an_error() =>
        Loading.Errors("include nginx.conf; events { }").ShouldContain("open() \"/etc/nginx/nginx.conf\" failed (24: Too many open files)");

    [Fact]
    public void Blocks_nested_without_end_are_an_error_and_nothing_worse() =>
        Loading.Errors(string.Concat(Enumerable.Repeat("a {\n", 100_000))).ShouldContain("blocks are nested too deep");

    [Fact]
    public void The_dump_shows_each_file_once_under_its_name()
    {
        var result = Loading.Load("include a.conf; include a.conf; events { }", ("/etc/nginx/a.conf", "# x\n"));

        System.Text.Encoding.UTF8.GetString(ConfigurationDump.Write(result.Files)).ShouldBe(
            "# configuration file /etc/nginx/nginx.conf:\ninclude a.conf; include a.conf; events { }\n# configuration file /etc/nginx/a.conf:\n# x\n\n");
    }

    [Fact]
    public void A_problem_is_shown_with_its_line_a_caret_and_advice()
    {
        var result = Loading.Load("events { }\nhttp {\n\tlissten 80;\n}\n");

        ProblemText.WithSource(result.Problems[0], result.Files).ShouldBe("""
            error: unknown directive "lissten" [unknown-directive]
              --> /etc/nginx/nginx.conf:3:2
               |
             3 | 	lissten 80;
               | 	^^^^^^^
               = Did you mean "listen"?
            """);
    }

    [Fact]
    public void Any_text_becomes_a_plan_or_an_error()
    {
        string[] pieces =
        [
            "events", "http", "server", "location", "upstream", "map", "types", "if", "include", "listen", "return", "set",
            "rewrite", "proxy_pass", "ssl_session_cache", "access_log", "error_page", "try_files", "limit_except", "expires", "{", "}", ";", ";", " ", " ",
            "\n", "(", ")", "\"", "'", "\\", "$", "${", "#", "~", "~*", "=", "/", "@a", "$uri", "80", "-1", "http://", "unix:", "[::1]", "*.", "a",
            "(?<a>", "[", "]", "*", "nginx.conf", "\0", "\u00ff",
        ];
        Gen.Int[0, pieces.Length - 1].Array[0, 60].Sample(choices =>
        {
            var result = Loading.Load("events { } http { server { " + string.Concat(choices.Select(choice => pieces[choice])));
            (result.Plan is null).ShouldBe(result.Problems.Any(problem => problem.Level == ProblemLevel.Error));
        }, iter: 1000);
    }
}
