using System.Text;
using Countersign.Native;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class RelayTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: gate\r\n\r\n";
    private const int Large = 2_000_000;

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 7)]
    [InlineData("", 5000)]
    [InlineData("proxy_buffering off;", 3)]
    [InlineData("proxy_buffer_size 256; proxy_buffers 4 256; proxy_busy_buffers_size 256;", 100)]
    public void A_chunked_body_comes_through_whatever_the_pieces(string location, int piece)
    {
        using var passing = new OnePassing(location);
        var body = string.Concat(Enumerable.Range(0, 300).Select(number => $"{number:d6}."));
        var chunked = new StringBuilder();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(1 + (at % 97), body.Length - at);
            chunked.Append($"{length:x};ext\r\n{body.AsSpan(at, length)}\r\n");
            at += length;
        }
        var answer = $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}0\r\nX-Trailer: 1\r\n\r\n";
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, Get);
            await passing.Read(passing.Backend, "\r\n\r\n");
            for (var at = 0; at < answer.Length; at += piece)
            {
                await OnePassing.Send(passing.Backend, answer.Substring(at, Math.Min(piece, answer.Length - at)));
                await new Readiness(passing.Gate.Client.Worker.Loop).Within(0);
            }
            Unchunk((await passing.Read(passing.Client, "\r\n0\r\n\r\n")).Split("\r\n\r\n", 2)[1]).ShouldBe(body);
        });
    }

    [Fact]
    public void A_slow_client_does_not_hold_its_backend()
    {
        using var passing = new OnePassing("proxy_buffers 4 4k;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, Get);
            await passing.Read(passing.Backend, "\r\n\r\n");
            await OnePassing.Send(passing.Backend, $"HTTP/1.1 200 OK\r\nContent-Length: {Large}\r\n\r\n");
            await OnePassing.Send(passing.Backend, Pattern(Large));
            // The backend is free again although the client has read nothing yet.
            await passing.Until(() => passing.Gate.Client.Worker.Connections == 1 && passing.Gate.Log.Any(line => line.Contains("an upstream response is buffered to a temporary file")));
            Directory.GetFiles(passing.Folder).Length.ShouldBe(1);
            var head = await passing.Read(passing.Client, Pattern(Large)[^64..]);
            head.Split("\r\n\r\n", 2)[1].ShouldBe(Pattern(Large));
        });
        Directory.GetFiles(passing.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_client_whose_turn_is_over_is_not_taken_for_a_slow_one()
    {
        const int Length = 100_000;
        using var passing = new OnePassing("proxy_buffers 4 4k;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, Get);
            await passing.Read(passing.Backend, "\r\n\r\n");
            // The first was the request.
            for (var inARow = 1; inARow < Channel.MostInARow; inARow++)
            {
                passing.Gate.Client.Channel.TryWrite("x"u8).ShouldBe(1);
            }
            await OnePassing.Send(passing.Backend, $"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n{Pattern(Length)}");
            (await passing.Read(passing.Client, Pattern(Length)[^64..])).Split("\r\n\r\n", 2)[1].ShouldBe(Pattern(Length));
        });
        passing.Gate.Log.ShouldNotContain(line => line.Contains("is buffered to a temporary file"));
    }

    [Theory]
    [InlineData("proxy_buffers 4 4k; proxy_max_temp_file_size 0;")]
    [InlineData("proxy_buffering off;")]
    public void Without_a_file_a_slow_client_holds_its_backend_back(string location)
    {
        using var passing = new OnePassing(location);
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, Get);
            await passing.Read(passing.Backend, "\r\n\r\n");
            await OnePassing.Send(passing.Backend, $"HTTP/1.1 200 OK\r\nContent-Length: {Large}\r\n\r\n");
            var body = Encoding.Latin1.GetBytes(Pattern(Large));
            var sent = 0;
            for (var idle = 0; idle < 20; idle++)
            {
                var count = passing.Backend.TryWrite(body.AsSpan(sent));
                sent += Math.Max(0, count);
                idle = count > 0 ? 0 : idle;
                await new Readiness(passing.Gate.Client.Worker.Loop).Within(1);
            }
            sent.ShouldBeLessThan(Large);
            var rest = passing.Backend.WriteAsync(body.AsMemory(sent), 5000).AsTask();
            (await passing.Read(passing.Client, Pattern(Large)[^64..])).Split("\r\n\r\n", 2)[1].ShouldBe(Pattern(Large));
            (await rest).ShouldBe(0);
        });
    }

    [Theory]
    [InlineData("Content-Length: 9\r\n\r\nhalf", "half", "upstream prematurely closed connection while reading upstream")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\nhalf", "4\r\nhalf\r\n", "upstream prematurely closed connection while reading upstream")]
    [InlineData("Content-Length: 2\r\n\r\nok and more", "ok", "upstream sent more data than specified in \"Content-Length\" header while reading upstream")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nmore", "2\r\nok\r\n0\r\n\r\n", "upstream sent data after final chunk while reading upstream")]
    [InlineData("\r\nto the end", "a\r\nto the end\r\n0\r\n\r\n", "")]
    public void An_answer_that_is_not_what_it_says_is_told_apart(string answer, string body, string log)
    {
        using var passing = new OnePassing();
        passing.Answer("HTTP/1.1 200 OK\r\n" + answer).Split("\r\n\r\n", 2)[1].ShouldBe(body);
        passing.Gate.Log.Where(line => line.StartsWith("[error]") || line.StartsWith("[warn]")).ShouldAllBe(line => log.Length > 0 && line.Contains(log));
    }

    [Fact]
    public void Of_wrong_chunks_nothing_goes_out()
    {
        using var passing = new OnePassing();
        passing.Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n").ShouldBe("");
        passing.Gate.Log.ShouldContain(line => line.Contains("upstream sent invalid chunked response while reading upstream"));
    }

    [Fact]
    public void An_answer_before_the_body_ends_the_upload()
    {
        using var passing = new OnePassing("proxy_request_buffering off;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "POST / HTTP/1.1\r\nHost: gate\r\nContent-Length: 1000000\r\n\r\nsome");
            (await passing.Read(passing.Backend, "some")).ShouldContain("Content-Length: 1000000\r\n");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!");
            (await passing.Read(passing.Client, "no!")).ShouldStartWith("HTTP/1.1 413 Too Large\r\n");
            (await passing.Backend.ReadAsync(new byte[1], 5000)).ShouldBe(0);
        });
    }

    [Fact]
    public void An_interim_answer_does_not_end_it()
    {
        using var passing = new OnePassing("proxy_request_buffering off;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "POST / HTTP/1.1\r\nHost: gate\r\nContent-Length: 8\r\n\r\nsome");
            await passing.Read(passing.Backend, "some");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 100 Continue\r\n\r\n");
            await OnePassing.Send(passing.Client, "more");
            (await passing.Read(passing.Backend, "more")).ShouldBe("more");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            (await passing.Read(passing.Client, "ok")).ShouldStartWith("HTTP/1.1 200 OK\r\n");
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")]
    public void A_client_that_leaves_takes_its_backend_along(string begun)
    {
        using var passing = new OnePassing();
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, Get);
            await passing.Read(passing.Backend, "\r\n\r\n");
            await OnePassing.Send(passing.Backend, begun);
            passing.Client.Dispose();
            (await passing.Backend.ReadAsync(new byte[1], 5000)).ShouldBe(0);
        });
        passing.Gate.Log.ShouldContain(line => line.Contains("client prematurely closed connection, so upstream connection is closed too"));
    }

    [Fact]
    public void A_clean_answer_leaves_the_connection_to_the_next_request()
    {
        using var passing = new OnePassing();
        passing.Play(async () =>
        {
            for (var turn = 0; turn < 3; turn++)
            {
                await OnePassing.Send(passing.Client, Get);
                await passing.Read(passing.Backend, "\r\n\r\n");
                await OnePassing.Send(passing.Backend, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                (await passing.Read(passing.Client, "ok")).ShouldStartWith("HTTP/1.1 200 OK\r\n");
            }
        });
    }

    [Fact]
    public void Upgraded_bytes_go_both_ways_until_one_side_ends()
    {
        using var passing = new OnePassing("proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "GET / HTTP/1.1\r\nHost: gate\r\nConnection: upgrade\r\nUpgrade: own\r\n\r\nearly");
            await passing.Read(passing.Backend, "\r\n\r\n");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 101 Switching\r\nUpgrade: own\r\n\r\nalso early");
            (await passing.Read(passing.Client, "also early")).ShouldStartWith("HTTP/1.1 101 Switching\r\n");
            (await passing.Read(passing.Backend, "early")).ShouldBe("early");
            var up = OnePassing.Send(passing.Client, Pattern(Large));
            (await passing.Read(passing.Backend, Pattern(Large)[^64..])).ShouldBe(Pattern(Large));
            await up;
            await OnePassing.Send(passing.Backend, "last words");
            _ = Socket.ShutDownSending(passing.Backend.Descriptor);
            (await passing.Read(passing.Client, null)).ShouldBe("last words");
        });
    }

    private static string Pattern(int length) => string.Create(length, 0, static (span, _) =>
    {
        for (var at = 0; at < span.Length; at++)
        {
            span[at] = (char)('a' + ((at + (at / 1000)) % 26));
        }
        // Found nowhere else.
        span[^1] = '!';
    });

    private static string Unchunk(string chunked)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = chunked.IndexOf("\r\n", StringComparison.Ordinal);
            var length = Convert.ToInt32(chunked[..line], 16);
            if (length == 0)
            {
                return body.ToString();
            }
            body.Append(chunked.AsSpan(line + 2, length));
            chunked = chunked[(line + 2 + length + 2)..];
        }
    }
}
