using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// Bytes to the client's socket, all of them or not: as fast as limit_rate lets them go, waiting no longer than send_timeout, a
/// client that is lost logged. Results are as of <see cref="ResponseWriter"/>.
/// </summary>
internal sealed class ResponseSender
{
    private Exchange _exchange = null!;
    private Readiness? _delay;

    /// <summary>Bytes the client's socket has taken.</summary>
    public long BytesSent { get; private set; }

    public long LimitRate { get; set; }

    public long LimitRateAfter { get; set; }

    public void Begin(Exchange exchange)
    {
        _exchange = exchange;
        BytesSent = LimitRate = LimitRateAfter = 0;
    }

    /// <summary>Bytes that were sent by others.</summary>
    public void CountAside(int bytes) => BytesSent += bytes;

    /// <summary>Sends all of it, in TLS records of ssl_buffer_size.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var channel = _exchange.Client.Channel;
        var record = _exchange.Server.Ssl.BufferSize;
        while (!bytes.IsEmpty)
        {
            var piece = channel.Tls is null || record >= bytes.Length ? bytes.Length : record;
            if (LimitRate > 0)
            {
                piece = (int)Math.Min(piece, await AllowedAsync());
            }
            var result = channel.TryWrite(bytes.Span[..piece]);
            if (result >= 0)
            {
                BytesSent += result;
                bytes = bytes[result..];
            }
            else if (result != -Errno.Again)
            {
                return Failed(result);
            }
            else if (!await channel.Writable((long)_exchange.Location.Core.SendTimeout.TotalMilliseconds))
            {
                return Failed(Channel.TimedOut);
            }
        }
        return 0;
    }

    /// <summary>A stretch of an open file, by the kernel; only without TLS and limit_rate.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> SendFileAsync(int descriptor, long offset, long length)
    {
        var channel = _exchange.Client.Channel;
        while (length > 0)
        {
            var result = channel.Descriptor < 0 ? -Errno.BadDescriptor
                : FileDescriptor.SendTo(channel.Descriptor, descriptor, ref offset, Math.Min(length, int.MaxValue - 4096));
            if (result > 0)
            {
                BytesSent += result;
                length -= result;
                await _exchange.Worker.Loop.Heavy;
            }
            else if (result == 0)
            {
                return Truncated(0);
            }
            else if (result != -Errno.Again)
            {
                return Failed((int)result);
            }
            else if (!await channel.Writable((long)_exchange.Location.Core.SendTimeout.TotalMilliseconds))
            {
                return Failed(Channel.TimedOut);
            }
        }
        return 0;
    }

    /// <summary>Waits until limit_rate lets something go; nginx's arithmetic.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<long> AllowedAsync()
    {
        var loop = _exchange.Worker.Loop;
        while (true)
        {
            var seconds = ((loop.Now - _exchange.Started) / 1000) + 1;
            var allowed = (LimitRate * seconds) - (BytesSent - LimitRateAfter);
            if (allowed > 0)
            {
                return allowed;
            }
            _delay ??= new Readiness(loop);
            _ = await _delay.Within((-allowed * 1000 / LimitRate) + 1);
        }
    }

    /// <summary>A file was shorter than its head said, or could not be read: nothing can end the answer well.</summary>
    public int Truncated(int result)
    {
        _exchange.Log.Write(LogLevel.Alert, result < 0 ? "pread() failed" : "the file was truncated while it was being sent", -result);
        _exchange.GiveUp(500);
        return ResponseWriter.Gone;
    }

    private int Failed(int result)
    {
        if (result == Channel.TimedOut)
        {
            _exchange.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
            if (_exchange.Location.Core.ResetTimedoutConnection && _exchange.Client.Channel.Descriptor >= 0)
            {
                _ = SocketOption.ResetOnClose(_exchange.Client.Channel.Descriptor);
            }
            _exchange.GiveUp(408);
        }
        else
        {
            _exchange.Log.WriteChannelError(_exchange.Client.Channel, result, "send()");
            _exchange.GiveUp(499);
        }
        return ResponseWriter.Gone;
    }
}
