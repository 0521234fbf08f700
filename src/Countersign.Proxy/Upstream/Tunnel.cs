using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Upstream;

/// <summary>After 101: bytes in both directions until one side closes or nothing moves for proxy_read_timeout.</summary>
internal static class Tunnel
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask RunAsync(Passing passing)
    {
        passing.Log.Action = "proxying upgraded connection";
        var exchange = passing.Exchange;
        exchange.IsUpgraded = true;
        exchange.KeepAlive = false;
        var up = new Direction(passing.Client, passing.Backend, passing.Worker.RentBuffer());
        var down = new Direction(passing.Backend, passing.Client, passing.Worker.RentBuffer());
        up.Preload(exchange.Input.Unread);
        exchange.Input.Position += exchange.Input.Available;
        down.Preload(passing.Response.Unread.Span);
        passing.Response.Use(passing.Response.Available);
        while (true)
        {
            var moved = up.Move(exchange, null) | down.Move(exchange, passing);
            if (up.HasEnded || down.HasEnded)
            {
                break;
            }
            if (!moved && !await passing.Wake.Within((long)passing.Settings.ReadTimeout.TotalMilliseconds))
            {
                passing.Log.Write(LogLevel.Error, "upstream timed out", Errno.TimedOut);
                break;
            }
        }
        passing.Worker.Return(up.Buffer);
        passing.Worker.Return(down.Buffer);
        exchange.IsComplete = true;
    }

    private sealed class Direction(Channel from, Channel to, byte[] buffer)
    {
        private int _start;
        private int _end;
        private bool _sourceEnded;

        public byte[] Buffer => buffer;

        /// <summary>Everything the one side sent has gone out and no more will come, or a side is broken.</summary>
        public bool HasEnded { get; private set; }

        public void Preload(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(buffer);
            _end = bytes.Length;
        }

        /// <returns>True when something moved.</returns>
        public bool Move(Request.Exchange exchange, Passing? counts)
        {
            var moved = false;
            if (_start == _end && !_sourceEnded)
            {
                var count = from.TryRead(buffer);
                if (count > 0)
                {
                    _start = 0;
                    _end = count;
                    moved = true;
                    if (counts is not null)
                    {
                        counts.Attempt.BytesReceived += count;
                        counts.Attempt.ResponseLength += count;
                    }
                }
                else if (count != -Errno.Again)
                {
                    _sourceEnded = true;
                }
            }
            if (_start < _end)
            {
                var written = to.TryWrite(buffer.AsSpan(_start, _end - _start));
                if (written > 0)
                {
                    _start += written;
                    moved = true;
                    if (counts is not null)
                    {
                        exchange.Writer.CountTunnel(written);
                    }
                }
                else if (written != -Errno.Again)
                {
                    HasEnded = true;
                }
            }
            HasEnded |= _sourceEnded && _start == _end;
            return moved;
        }
    }
}
