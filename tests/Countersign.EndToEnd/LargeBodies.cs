namespace Countersign.EndToEnd;

/// <summary>A body larger than memory ought to be streams through; the process must not grow with it.</summary>
public sealed class LargeBodies
{
    private const long Size = 1L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Streaming(string server) =>
        Gate.Configuration(server.Replace("location / {", "client_max_body_size 0; location / { proxy_request_buffering off; proxy_max_temp_file_size 0;"));

    [Theory]
    [InlineData("http")]
    [InlineData("tls")]
    public async Task A_download_streams_in_constant_memory(string port)
    {
        await using var gate = await Gate.Open(Streaming(port == "tls" ? Gate.Guarded : Gate.Plain));
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
            await Write(connection.Stream, Size);
        };
        var before = gate.Server.ResidentKilobytes();
        using var client = await gate.Connect(port);
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var head = await client.ReadHead();
        head.ShouldStartWith("HTTP/1.1 200");
        long read = 0;
        long peak = 0;
        while (read < Size)
        {
            var part = await client.Drain(Math.Min(Size - read, 64 << 20), Deadline.Token(Patience));
            part.ShouldBeGreaterThan(0, $"the body ended after {read} bytes");
            read += part;
            peak = Math.Max(peak, gate.Server.ResidentKilobytes());
        }

        (peak - before).ShouldBeLessThan(64 * 1024, "kilobytes more than before");
    }

    [Theory]
    [InlineData("http")]
    [InlineData("tls")]
    public async Task An_upload_streams_in_constant_memory(string port)
    {
        await using var gate = await Gate.Open(Streaming(port == "tls" ? Gate.Guarded : Gate.Plain));
        long received = 0;
        gate.App.Handler = async connection =>
        {
            await connection.ReadHead();
            var chunk = new byte[1 << 20];
            while (Interlocked.Read(ref received) + connection.Buffered < Size)
            {
                var read = await connection.Stream.ReadAsync(chunk);
                if (read == 0)
                {
                    return;
                }

                Interlocked.Add(ref received, read);
            }

            await connection.Send(Backend.Hello);
        };
        var before = gate.Server.ResidentKilobytes();
        using var client = await gate.Connect(port);
        await client.Send($"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Size}\r\nConnection: close\r\n\r\n");
        long peak = 0;
        for (long sent = 0; sent < Size; sent += 64 << 20)
        {
            await client.SendZeros(64 << 20, Deadline.Token(Patience));
            peak = Math.Max(peak, gate.Server.ResidentKilobytes());
        }

        (await client.ReadToEnd()).ShouldEndWith("hello");
        (peak - before).ShouldBeLessThan(64 * 1024, "kilobytes more than before");
    }

    [Theory]
    [InlineData("http")]
    [InlineData("tls")]
    public async Task A_slow_reader_holds_the_backend_back(string port)
    {
        await using var gate = await Gate.Open(Streaming(port == "tls" ? Gate.Guarded : Gate.Plain));
        long sent = 0;
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
            for (; sent < Size; Interlocked.Add(ref sent, 1 << 20))
            {
                await Write(connection.Stream, 1 << 20);
            }
        };
        using var client = await gate.Connect(port);
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await client.ReadHead();
        for (long read = 0; read < 64 << 20;)
        {
            read += await client.Drain(1 << 20, Deadline.Token());
            (Interlocked.Read(ref sent) - read).ShouldBeLessThan(64 << 20, "bytes taken from the backend and not yet by the client");
        }
    }

    private static async Task Write(Stream stream, long count)
    {
        var chunk = new byte[1 << 20];
        for (; count > 0; count -= chunk.Length)
        {
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(count, chunk.Length)));
        }
    }
}
