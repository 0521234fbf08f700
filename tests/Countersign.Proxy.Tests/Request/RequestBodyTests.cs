using System.Text;

namespace Countersign.Proxy.Tests.Request;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("Content-Length: 11\r\n\r\nhello world")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n")]
    public void A_body_is_the_same_under_either_framing_and_the_next_request_is_left(string body)
    {
        using var client = new OneClient();
        var (status, exchange) = client.ReadHead("POST / HTTP/1.1\r\nHost: a\r\n" + body + "GET /next");
        status.ShouldBe(0);
        client.Run(async () => (await exchange.Body.BufferAsync()).ShouldBe(0));
        exchange.Body.InMemory.ToString().ShouldBe("hello world");
        Encoding.ASCII.GetString(exchange.Input.Unread).ShouldBe("GET /next");
    }

    [Fact]
    public void A_chunked_body_over_the_limit_is_refused_however_it_is_cut()
    {
        using var client = new OneClient("client_max_body_size 4;");
        var (_, exchange) = client.ReadHead("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
        client.Run(async () => (await exchange.Body.BufferAsync()).ShouldBe(-413));
    }

    [Fact]
    public void Broken_chunks_are_a_bad_request()
    {
        using var client = new OneClient();
        var (_, exchange) = client.ReadHead("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        client.Run(async () => (await exchange.Body.BufferAsync()).ShouldBe(-400));
        client.Log.ShouldContain(line => line.StartsWith("[error] *7 client sent invalid chunked body", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_waits_is_told_to_continue_before_the_body_is_read()
    {
        using var client = new OneClient();
        var (_, exchange) = client.ReadHead("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        var told = new byte[64];
        client.Run(async () =>
        {
            var reading = exchange.Body.BufferAsync().AsTask();
            var count = await client.Peer.ReadAsync(told, -1);
            Encoding.ASCII.GetString(told, 0, count).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
            (await client.Peer.WriteAsync("ok"u8.ToArray(), -1)).ShouldBe(0);
            (await reading).ShouldBe(0);
        });
        exchange.Body.InMemory.ToString().ShouldBe("ok");
    }

    [Fact]
    public void A_body_larger_than_its_buffer_goes_to_a_file_that_ends_with_the_request()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-body").FullName;
        using var client = new OneClient($"client_body_temp_path {folder}; client_body_buffer_size 4k;");
        var body = new string('b', 100_000);
        var (_, exchange) = client.ReadHead("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + body);
        client.Run(async () => (await exchange.Body.BufferAsync()).ShouldBe(0));
        exchange.Body.InMemory.IsNull.ShouldBeTrue();
        exchange.Body.Length.ShouldBe(100_000);
        File.ReadAllText(exchange.Body.File!).ShouldBe(body);
        var tail = new byte[10];
        exchange.Body.ReadBuffered(99_990, tail).ShouldBe(10);
        Encoding.ASCII.GetString(tail).ShouldBe("bbbbbbbbbb");
        client.Client.Worker.Return(exchange);
        Directory.EnumerateFiles(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }
}
