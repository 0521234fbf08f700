using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Countersign.Refusals;

namespace Countersign.Clients.Measure;

/// <summary>One connection through a <see cref="Tap"/>.</summary>
public sealed class TappedConnection : IAsyncDisposable
{
    /// <summary>A HelloRetryRequest is smaller, a flight with a certificate larger.</summary>
    private const int SmallestFlight = 500;
    private const int RecordHeader = 5;

    private readonly Socket _client;
    private readonly Socket _gate;
    private readonly MemoryStream _first = new();
    private readonly Task _passing;
    private int _fromGate;
    private long _flightAt;
    private long _answerAt;

    private TappedConnection(Socket client, Socket gate)
    {
        (_client, _gate) = (client, gate);
        _passing = Task.WhenAll(Pass(client, gate, OnClient), Pass(gate, client, OnGate));
    }

    /// <summary>The client was asked and ended the connection instead of answering.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>From the gate's flight to the client's; null when there was none.</summary>
    public TimeSpan? AnsweredAfter => Volatile.Read(ref _answerAt) is var at and not 0 ? Stopwatch.GetElapsedTime(_flightAt, at) : null;

    public ClientHelloFacts? Hello
    {
        get
        {
            var bytes = _first.ToArray();
            if (bytes.Length < RecordHeader)
            {
                return null;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(3));
            return ClientHelloReader.Read(bytes.AsSpan(RecordHeader, Math.Min(length, bytes.Length - RecordHeader)));
        }
    }

    public static async Task<TappedConnection> Open(Socket client, IPAddress from, IPEndPoint to)
    {
        var gate = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        gate.Bind(new IPEndPoint(from, 0));
        await gate.ConnectAsync(to);
        return new TappedConnection(client, gate);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _gate.Dispose();
        await _passing;
    }

    private void OnClient(ReadOnlySpan<byte> bytes)
    {
        if (_fromGate == 0)
        {
            _first.Write(bytes);
        }
        else if (_answerAt == 0 && _fromGate >= SmallestFlight && !IsChangeCipherSpec(bytes))
        {
            IsLeft = bytes.IsEmpty;
            Volatile.Write(ref _answerAt, bytes.IsEmpty ? 0 : Stopwatch.GetTimestamp());
        }
    }

    private void OnGate(ReadOnlySpan<byte> bytes)
    {
        if (_answerAt == 0)
        {
            _flightAt = Stopwatch.GetTimestamp();
        }
        _fromGate += bytes.Length;
    }

    /// <summary>Alone it answers nothing: clients send it as soon as they like (RFC 8446 appendix D.4).</summary>
    private static bool IsChangeCipherSpec(ReadOnlySpan<byte> bytes) => bytes is [0x14, 3, 3, 0, 1, 1];

    /// <param name="hear">Gets what passes, and nothing at the end.</param>
    private static async Task Pass(Socket from, Socket to, Action<ReadOnlySpan<byte>> hear)
    {
        var buffer = new byte[65536];
        try
        {
            int count;
            do
            {
                count = await from.ReceiveAsync(buffer);
                hear(buffer.AsSpan(0, count));
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
            while (count > 0);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One side is gone, by a reset or with the tap: then so is the other.
            from.Dispose();
            to.Dispose();
        }
    }
}
