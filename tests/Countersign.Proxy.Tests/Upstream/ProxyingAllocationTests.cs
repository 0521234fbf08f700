using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Countersign.Native;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class ProxyingAllocationTests
{
    private const int Warm = 300;
    private const int Measured = 3000;

    private static readonly byte[] Request = "GET /some/path?x=1 HTTP/1.1\r\nHost: gate\r\nUser-Agent: tests\r\nAccept: */*\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData("", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("proxy_buffering off;", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("proxy_set_header X-Real-IP $remote_addr; proxy_set_header Connection \"\";", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n")]
    public void A_request_is_passed_on_and_answered_without_allocating(string location, string answer)
    {
        using var passing = new OnePassing(location, server: "error_log stderr error; keepalive_requests 100000;");
        ShouldNotAllocate(passing, answer);
    }

    /// <summary>What it has to send is kept until the others' events are dealt with (<see cref="Departures"/>), and each step waits for its turn.</summary>
    [Fact]
    public void Neither_does_one_of_a_loop_that_is_busy_with_others()
    {
        using var passing = new OnePassing(server: "error_log stderr error; keepalive_requests 100000;");
        var loop = passing.Gate.Client.Worker.Loop;
        Socket.OpenPair(out var one, out var other).ShouldBe(0);
        Channel.Open(loop, one, out var ping).ShouldBe(0);
        Channel.Open(loop, other, out var pong).ShouldBe(0);
        passing.Gate.Run(() =>
        {
            _ = ReturnAsync(pong!);
            _ = ReturnAsync(ping!);
            return ping!.WriteAsync(new byte[1], -1).AsTask();
        });
        ShouldNotAllocate(passing, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        passing.Gate.Run(() =>
        {
            ping!.Dispose();
            pong!.Dispose();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Neither_does_one_over_TLS_whose_client_is_told_to_the_backend()
    {
        // Its own issuer, so the bundle is the certificate itself.
        var pair = TestCertificate.Make();
        var folder = Directory.CreateTempSubdirectory("cs-");
        var bundle = Path.Combine(folder.FullName, "bundle.pem");
        File.WriteAllText(bundle, pair.Certificate["data:".Length..]);
        using var context = TlsClientContext.Create(new TlsClientOptions { Certificate = pair });
        using var passing = new OnePassing(
            "proxy_set_header X-SSL-Cert $ssl_client_escaped_cert; proxy_set_header X-SSL-Verify $ssl_client_verify; proxy_set_header X-SSL-DN $ssl_client_s_dn;",
            listen: "ssl",
            server: $"""
                error_log stderr error; keepalive_requests 100000;
                ssl_certificate "{pair.Certificate}";
                ssl_certificate_key "{pair.Key}";
                ssl_client_certificate "{bundle}";
                ssl_verify_client on;
                """);
        folder.Delete(recursive: true);
        passing.Client.Tls = TlsConnection.Connect(context, passing.Client.Descriptor, "gate", null, null);
        ShouldNotAllocate(passing, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", expected: "X-SSL-Verify: SUCCESS\r\nX-SSL-DN: CN=backend\r\n");
    }

    /// <param name="expected">Is in what the backend gets.</param>
    private static void ShouldNotAllocate(OnePassing passing, string answer, string expected = "")
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(answer);
        long allocated = 0;
        passing.Play(async () =>
        {
            if (passing.Client.Tls is not null)
            {
                (await passing.Client.HandshakeAsync(5000)).ShouldBe(0);
            }
            var asked = new byte[4096];
            var backend = ServeAsync(passing.Backend, asked, bytes, Warm + Measured);
            var buffer = new byte[4096];
            await AskAsync(passing.Client, buffer, Warm);
            var before = GC.GetAllocatedBytesForCurrentThread();
            await AskAsync(passing.Client, buffer, Measured);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            await backend;
            System.Text.Encoding.ASCII.GetString(asked).ShouldContain(expected);
        });
        if (IsOptimized)
        {
            // Less than a byte a request: what comes once, or once a second, is not meant.
            allocated.ShouldBeLessThan(Measured);
        }
    }

    /// <summary>Unoptimised, the state of an async method is an object and every call allocates: then there is nothing to count.</summary>
    private static bool IsOptimized => typeof(Connection).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask ServeAsync(Channel channel, byte[] buffer, byte[] answer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var length = 0; length < 4 || !buffer.AsSpan(length - 4, 4).SequenceEqual("\r\n\r\n"u8);)
            {
                length += await channel.ReadAsync(buffer.AsMemory(length), -1);
            }
            _ = await channel.WriteAsync(answer, -1);
        }
    }

    /// <summary>Sends back what comes: an event in each turn.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask ReturnAsync(Channel channel)
    {
        var buffer = new byte[1];
        while (await channel.ReadAsync(buffer, -1) > 0)
        {
            _ = await channel.WriteAsync(buffer, -1);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask AskAsync(Channel channel, byte[] buffer, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            _ = await channel.WriteAsync(Request, -1);
            // Every answer here is short and leaves in one write.
            _ = await channel.ReadAsync(buffer, -1);
        }
    }
}
