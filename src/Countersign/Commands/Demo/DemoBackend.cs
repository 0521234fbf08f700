using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Commands.Demo;

/// <summary>What the gate told the backend about the client.</summary>
internal sealed record DemoBackendRequest(string Verify, string Serial);

/// <summary>An application behind the gate: answers every request and remembers the identity that came with it.</summary>
internal sealed class DemoBackend : IAsyncDisposable
{
    private const int LargestHead = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<DemoBackendRequest> _requests = new();
    private readonly Task _accepting;

    public DemoBackend()
    {
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What arrived since the last call.</summary>
    public IReadOnlyList<DemoBackendRequest> TakeRequests()
    {
        var taken = new List<DemoBackendRequest>();
        while (_requests.TryDequeue(out var request))
        {
            taken.Add(request);
        }
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The demonstration is over.
        }
    }

    private async Task Serve(TcpClient gate)
    {
        using (gate)
        {
            try
            {
                var stream = gate.GetStream();
                if (await ReadHead(stream) is { } head)
                {
                    await stream.WriteAsync(Answer(head), _end.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // A gate that hangs up loses its answer, and the case then says that it saw none.
            }
        }
    }

    private byte[] Answer(string head)
    {
        var request = new DemoBackendRequest(Field(head, "X-SSL-Verify"), Field(head, "X-SSL-Serial"));
        _requests.Enqueue(request);
        var body = $"Hello from the backend.\nX-SSL-Verify: {request.Verify}\nX-SSL-Serial: {request.Serial}\n";
        var length = body.Length.ToString(CultureInfo.InvariantCulture);
        return Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    }

    private async Task<string?> ReadHead(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[8192];
        while (head.Length < LargestHead)
        {
            var count = await stream.ReadAsync(buffer, _end.Token);
            if (count == 0)
            {
                return null;
            }
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (head.ToString() is var text && text.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                return text;
            }
        }
        return null;
    }

    private static string Field(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";
}
