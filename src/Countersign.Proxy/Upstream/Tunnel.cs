using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>After 101: bytes in both directions until one side closes or nothing moves for its time.</summary>
internal static class Tunnel
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask RunAsync(Passing passing)
    {
        passing.Log.Action = "proxying upgraded connection";
        var exchange = passing.Exchange;
        var loop = passing.Worker.Loop;
        exchange.IsUpgraded = true;
        exchange.KeepAlive = false;
        var up = new Direction(passing.Client, passing.Backend, exchange.Input.Unread, passing.Worker);
        exchange.Input.Position += exchange.Input.Available;
        var down = new Direction(passing.Backend, passing.Client, passing.Response.Unread, passing.Worker);
        passing.Attempt.ResponseLength = 0;
        while (true)
        {
            var moved = up.Move() | down.Move();
            if (moved)
            {
                passing.Attempt.BytesSent += up.TakeWritten();
                passing.Attempt.BytesReceived += down.TakeRead();
                exchange.Writer.CountAside(down.TakeWritten());
            }
            if (up.HasEnded || down.HasEnded)
            {
                exchange.IsComplete = true;
                break;
            }
            if (moved)
            {
                continue;
            }
            // As nginx: whatever happens starts the times anew.
            if (!await passing.Wake.Within(Limit(passing, up, down)))
            {
                LogTimeout(passing, up, down);
                break;
            }
        }
        up.Release();
        down.Release();
    }

    private static long Limit(Passing passing, Direction up, Direction down)
    {
        var limit = passing.Settings.ReadTimeout;
        if (up.IsBlocked && passing.Settings.SendTimeout < limit)
        {
            limit = passing.Settings.SendTimeout;
        }
        if (down.IsBlocked)
        {
            // The backend is not read while the client takes nothing, so that only the client's time counts.
            limit = passing.Exchange.Location.Core.SendTimeout;
        }
        return (long)limit.TotalMilliseconds;
    }

    private static void LogTimeout(Passing passing, Direction up, Direction down) => passing.Log.Write(LogLevel.Info,
        down.IsBlocked && !up.IsBlocked ? "client timed out" : "upstream timed out", Errno.TimedOut);

    private sealed class Direction
    {
        private readonly Channel _from;
        private readonly Channel _to;
        private readonly Worker _worker;

        // Only while bytes are in it: most tunnels are idle most of the time.
        private byte[]? _buffer;
        private int _start;
        private int _end;
        private bool _sourceEnded;
        private int _read;
        private int _written;

        /// <param name="first">Bytes that came before there was a tunnel.</param>
        public Direction(Channel from, Channel to, ReadOnlySpan<byte> first, Worker worker)
        {
            _from = from;
            _to = to;
            _worker = worker;
            if (first.Length > 0)
            {
                _buffer = first.Length <= Worker.BufferSize ? worker.RentBuffer() : new byte[first.Length];
                first.CopyTo(_buffer);
                _end = first.Length;
            }
        }

        public void Release()
        {
            if (_buffer is { } buffer)
            {
                _worker.Return(buffer);
                _buffer = null;
            }
        }

        /// <summary>Everything the one side sent has gone out and no more will come, or a side is broken.</summary>
        public bool HasEnded { get; private set; }

        /// <summary>The receiving side takes nothing for now.</summary>
        public bool IsBlocked => _start < _end;

        public int TakeRead() => Take(ref _read);

        public int TakeWritten() => Take(ref _written);

        private static int Take(ref int count)
        {
            var taken = count;
            count = 0;
            return taken;
        }

        /// <returns>True when something moved.</returns>
        public bool Move()
        {
            var moved = Step(_buffer ??= _worker.RentBuffer());
            if (_start == _end)
            {
                Release();
            }
            return moved;
        }

        private bool Step(byte[] buffer)
        {
            var moved = false;
            if (_start == _end && !_sourceEnded)
            {
                _start = _end = 0;
                var count = _from.TryRead(buffer);
                if (count > 0)
                {
                    _end = count;
                    _read += count;
                    moved = true;
                }
                else
                {
                    _sourceEnded = count != -Errno.Again;
                }
            }
            if (_start < _end)
            {
                var written = _to.TryWrite(buffer.AsSpan(_start, _end - _start));
                if (written > 0)
                {
                    _start += written;
                    _written += written;
                    moved = true;
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
