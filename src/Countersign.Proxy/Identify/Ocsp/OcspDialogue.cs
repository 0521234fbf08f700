using System.Net;
using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Socket = Countersign.Native.Socket;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>One question to one address of a responder, about a client.</summary>
/// <param name="isWatched">The client waits for it, so that it ends with the client.</param>
internal sealed class OcspDialogue(Client client, EndPoint address, long deadline, bool isWatched) : IChannelObserver
{
    // Answers are 2 KB or so; nginx takes 16.
    private const int LongestReply = 64 * 1024;

    private Channel? _channel;

    /// <summary>Why there is no response.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>The same in nginx's words; null where nginx says nothing.</summary>
    public string? Logged { get; private set; }

    /// <summary>errno of the failure, or 0.</summary>
    public int Error { get; private set; }

    /// <summary>The connection ended before a response did.</summary>
    public bool IsBroken { get; private set; }

    /// <returns>What came after the head of the response; null with a failure.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<byte[]?> RunAsync(byte[] request)
    {
        if (!client.Worker.HasRoom(client.Log))
        {
            return Failed("worker_connections are not enough", 0);
        }
        if (!Open())
        {
            return null;
        }
        client.Worker.Connections++;
        if (isWatched)
        {
            client.Channel.Observer = this;
        }
        try
        {
            return await ConnectAsync() && await SendAsync(request) ? await ReceiveAsync() : null;
        }
        finally
        {
            if (isWatched)
            {
                client.Channel.Observer = null;
            }
            _channel!.Dispose();
            client.Worker.Connections--;
        }
    }

    /// <summary>Of the client's channel: once that is closed, nobody waits for the answer.</summary>
    public void OnEvent()
    {
        if (client.Channel.Descriptor < 0)
        {
            _channel!.Dispose();
        }
    }

    private bool Open()
    {
        var target = ListeningSocket.AddressOf(address);
        var socket = Socket.Open(target.Family);
        if (socket < 0)
        {
            Failed("socket() failed", -socket);
            return false;
        }
        var result = Socket.Connect(socket, target);
        if (result < 0 && result != -Errno.InProgress)
        {
            _ = Socket.Close(socket);
            Failed($"connect() to {target} failed", -result);
            return false;
        }
        result = Channel.Open(client.Worker.Loop, socket, out _channel);
        if (result < 0)
        {
            Failed("epoll_ctl() failed", -result);
        }
        return result >= 0;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ConnectAsync()
    {
        while (!_channel!.HasBeenWritable)
        {
            if (!await _channel.Writable(Remaining))
            {
                TimeOut();
                return false;
            }
            if (_channel.Descriptor < 0)
            {
                return false;
            }
        }
        var error = -Socket.TakeError(_channel.Descriptor);
        if (error != 0)
        {
            Break("connect() failed", error);
        }
        return error == 0;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(byte[] request)
    {
        var result = await _channel!.WriteAsync(request, Remaining);
        if (result == Channel.TimedOut)
        {
            TimeOut();
        }
        else if (result != 0)
        {
            Break("send() failed", -result);
        }
        return result == 0;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<byte[]?> ReceiveAsync()
    {
        var buffer = new byte[4096];
        var length = 0;
        var reply = new OcspReply();
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= LongestReply)
                {
                    return Failed("OCSP responder sent too large response", 0);
                }
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            var result = await _channel!.ReadAsync(buffer.AsMemory(length), Remaining);
            if (result < 0)
            {
                return result == Channel.TimedOut ? TimeOut() : Break("recv() failed", -result);
            }
            length += result;
            if (reply.Take(buffer.AsSpan(0, length), isEnd: result == 0))
            {
                return reply.Failure is null ? buffer[reply.Body..length] : Failed(reply);
            }
        }
    }

    private long Remaining => Math.Max(0, deadline - client.Worker.Loop.Now);

    private byte[]? TimeOut() => Failed("OCSP responder timed out", Errno.TimedOut);

    private byte[]? Break(string failure, int error)
    {
        IsBroken = true;
        return Failed(failure, error);
    }

    private byte[]? Failed(OcspReply reply)
    {
        _ = Failed(reply.Failure!, 0);
        Logged = reply.Logged;
        return null;
    }

    private byte[]? Failed(string failure, int error)
    {
        (Failure, Logged, Error) = (failure, failure, error);
        return null;
    }
}
