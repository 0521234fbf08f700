using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Tests.Watch;

public sealed class AccessLogTests
{
    private const string Two = "GET /1?l=1 HTTP/1.1\r\nHost: routes.test\r\n\r\nGET /2?l=0 HTTP/1.1";

    [Theory]
    [InlineData("$arg_l", "/1\n")]
    [InlineData("$arg_none", "")]
    [InlineData("x$arg_none", "/1\n/2\n")]
    [InlineData("0", "")]
    public void A_condition_that_is_empty_or_zero_leaves_the_line_out(string condition, string expected)
    {
        using var logged = new Logged($"log_format own $uri; access_log @/log own if={condition};");
        logged.Ask(Two);
        logged.Read("log").ShouldBe(expected);
    }

    [Fact]
    public void Every_log_of_the_location_gets_its_line()
    {
        using var logged = new Logged("log_format a a$uri; log_format b b$uri; access_log off;",
            "access_log @/outer a; location /1 { access_log @/one a; access_log @/one b; access_log @/two b; return 200 x; } location / { return 200 x; }");
        logged.Ask(Two);
        logged.Read("one").ShouldBe("a/1\nb/1\n");
        logged.Read("two").ShouldBe("b/1\n");
        logged.Read("outer").ShouldBe("a/2\n");
    }

    [Fact]
    public void The_location_that_answered_last_logs()
    {
        using var logged = new Logged("log_format own '$uri $status'; access_log off;",
            "location / { access_log @/first own; error_page 404 = /page; return 404; } location /page { access_log @/second own; return 200 x; }");
        logged.Ask("GET /x HTTP/1.1");
        logged.Read("first").ShouldBe("");
        logged.Read("second").ShouldBe("/page 200\n");
    }

    [Fact]
    public void Lines_are_gathered_until_the_buffer_has_no_room()
    {
        using var logged = new Logged("log_format own $arg_x; access_log @/log own buffer=10;");
        logged.Ask(Targets("1234", "5678", "9"));
        logged.Read("log").ShouldBe("1234\n5678\n");
        logged.Client.Logs.Flush();
        logged.Read("log").ShouldBe("1234\n5678\n9\n");
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_written_behind_what_waits()
    {
        using var logged = new Logged("log_format own $arg_x; access_log @/log own buffer=10;");
        logged.Ask(Targets("1", "2345678901234", "3"));
        logged.Read("log").ShouldBe("1\n2345678901234\n");
    }

    [Fact]
    public void Gathered_lines_are_written_when_their_time_is_over()
    {
        using var logged = new Logged("log_format own $uri; access_log @/log own buffer=1k flush=1ms;");
        logged.Ask("GET /x HTTP/1.1");
        SpinWait.SpinUntil(() => logged.Read("log") == "/x\n", TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void A_path_may_have_variables_and_wants_a_root_that_exists()
    {
        using var logged = new Logged("log_format own $uri; access_log off;",
            "location / { root @; access_log @/log-$arg_l own; return 200 x; } location /2 { root @/none; access_log @/log-$arg_l own; return 200 x; }");
        logged.Ask(Two);
        logged.Read("log-1").ShouldBe("/1\n");
        File.Exists(Path.Combine(logged.Folder, "log-0")).ShouldBeFalse();
        logged.Client.Log.ShouldContain(line => line.Contains($"testing \"{logged.Folder}/none\" existence failed (2: No such file or directory) while logging request", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_was_renamed_is_left_to_its_new_name()
    {
        using var logged = new Logged("log_format own $uri; access_log @/log own buffer=1k;");
        logged.Ask("GET /x HTTP/1.1");
        File.Move(Path.Combine(logged.Folder, "log"), Path.Combine(logged.Folder, "old"));
        logged.Client.Logs.Reopen(text => throw new InvalidOperationException(text));
        logged.Read("old").ShouldBe("/x\n");
        logged.Read("log").ShouldBe("");
    }

    [Fact]
    public void A_line_costs_no_memory_once_warm()
    {
        const string Full = "'$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" "
            + "$request_time $msec $connection $connection_requests $pipe $host $server_port $sent_http_content_type $upstream_addr $args $cookie_c $arg_a $level'";
        using var logged = new Logged($"map $status $level {{ 200 ok; default bad; }} log_format own {Full}; access_log @/log own if=$uri;", time: new SettableTime());
        logged.Client.Run(() =>
        {
            var exchange = logged.Client.Begin();
            exchange.Location = exchange.Server.Root;
            exchange.Uri = new Bytes("/a"u8.ToArray());
            long before = 0;
            for (var round = 0; round < 2000; round++)
            {
                before = round == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
                exchange.Generation.AccessLog.Write(exchange);
                exchange.Arena.Reset();
            }
            // The smallest object has 24 bytes: none a line. The collector may take a buffer from the shared pool meanwhile.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(24 * 1000);
            return Task.CompletedTask;
        });
    }

    private static string Targets(params string[] values)
    {
        var heads = new StringBuilder();
        foreach (var value in values)
        {
            heads.Append(heads.Length == 0 ? "" : "\r\nHost: routes.test\r\n\r\n").Append($"GET /?x={value} HTTP/1.1");
        }
        return heads.ToString();
    }
}
