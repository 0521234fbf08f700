using System.Runtime.CompilerServices;
using System.Text;

namespace Countersign.Proxy.Watch;

/// <summary>
/// One connection of the refusal socket. It asks one line: <c>incident ID</c> is answered with a line and closed, <c>tail</c> with a line for
/// every refusal from then on. Whoever reads too slowly is dropped: the gate does not wait for a terminal.
/// </summary>
internal sealed class RefusalCaller(Channel channel, Action<RefusalCaller> onEnd) : IDisposable
{
    private const int LongestRequest = 128;
    private const int MostWaiting = 256 * 1024;
    private const long RequestMilliseconds = 5_000;
    private const long SendMilliseconds = 10_000;

    private readonly Queue<byte[]> _lines = new();
    private int _waiting;
    private bool _isSending;
    private bool _isOver;

    public bool Follows { get; private set; }

    /// <summary>Until its end; never throws.</summary>
    /// <param name="find">The whole entry of an incident, or null.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public async ValueTask RunAsync(Func<string, byte[]?> find)
    {
        try
        {
            switch ((await ReadRequestAsync())?.Split(' '))
            {
                case ["incident", { Length: > 0 } incident]:
                    var answer = find(incident) ?? """{"v":1,"error":"not kept"}"""u8.ToArray();
                    _ = await channel.WriteAsync((byte[])[.. answer, (byte)'\n'], SendMilliseconds);
                    break;
                case ["tail"]:
                    Follows = true;
                    // Says that from here on nothing is missed.
                    Send("""{"v":1,"following":true}"""u8.ToArray());
                    while (await channel.ReadAsync(new byte[64], -1) > 0)
                    {
                    }
                    break;
                default:
                    _ = await channel.WriteAsync("""{"v":1,"error":"unknown request"}"""u8.ToArray(), SendMilliseconds);
                    break;
            }
        }
        finally
        {
            Dispose();
        }
    }

    /// <param name="line">Without its line feed.</param>
    public void Send(byte[] line)
    {
        if (_isOver)
        {
            return;
        }
        if (_waiting + line.Length >= MostWaiting)
        {
            Dispose();
            return;
        }
        _lines.Enqueue(line);
        _waiting += line.Length + 1;
        if (!_isSending)
        {
            RefusalSocket.Begin(SendAllAsync());
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask SendAllAsync()
    {
        _isSending = true;
        while (!_isOver && _lines.TryDequeue(out var line))
        {
            if (await channel.WriteAsync((byte[])[.. line, (byte)'\n'], SendMilliseconds) < 0)
            {
                Dispose();
            }
            _waiting -= line.Length + 1;
        }
        _isSending = false;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<string?> ReadRequestAsync()
    {
        var request = new byte[LongestRequest];
        for (var used = 0; used < request.Length;)
        {
            var count = await channel.ReadAsync(request.AsMemory(used), RequestMilliseconds);
            if (count <= 0)
            {
                return null;
            }
            used += count;
            if (request.AsSpan(0, used).IndexOf((byte)'\n') is var end and >= 0)
            {
                return Encoding.ASCII.GetString(request, 0, end).TrimEnd('\r');
            }
        }
        return null;
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            Follows = false;
            channel.Dispose();
            onEnd(this);
        }
    }
}
