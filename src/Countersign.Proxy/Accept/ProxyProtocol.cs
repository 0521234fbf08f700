using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Accept;

/// <summary>The header that a load balancer puts before everything else (<c>listen ... proxy_protocol</c>).</summary>
public static class ProxyProtocol
{
    private static ReadOnlySpan<byte> Version2 => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads it, and leaves what follows in the socket.</summary>
    /// <returns>False when there is none or it is broken: the connection is over, the reason has been logged.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<bool> ReadAsync(Client client)
    {
        client.Log.Action = "reading PROXY protocol";
        var loop = client.Worker.Loop;
        var end = client.FirstHeadDeadline;
        // No buffer for who says nothing.
        var count = await client.Channel.PeekAsync(Math.Max(0, end - loop.Now));
        var buffer = client.Worker.RentBuffer();
        var seen = 0;
        try
        {
            while (true)
            {
                count = count <= 0 ? count : Socket.Peek(client.Channel.Descriptor, buffer.AsSpan(0, ProxyProtocolHeader.MaximumLength));
                if (count <= 0)
                {
                    await ReportAsync(client, count, buffer.AsSpan(0, seen));
                    return false;
                }
                var result = ProxyProtocolHeader.Parse(buffer.AsSpan(0, count), out var header);
                if (result == ProxyProtocolResult.Done)
                {
                    client.ProxyProtocol = header.HasAddresses ? header : null;
                    return Socket.Receive(client.Channel.Descriptor, buffer.AsSpan(0, header.Length)) == header.Length;
                }
                seen = count;
                var isCut = result == ProxyProtocolResult.Incomplete && HasPeerEnded(client);
                if (result == ProxyProtocolResult.Invalid || isCut || count == ProxyProtocolHeader.MaximumLength)
                {
                    // What has been looked at is taken, so that closing does not reset the connection.
                    _ = Socket.Receive(client.Channel.Descriptor, buffer.AsSpan(0, count));
                    if (header.Problem is { } problem)
                    {
                        client.Log.Write(LogLevel.Error, problem);
                    }
                    else if (!buffer.AsSpan(0, count).StartsWith(Version2))
                    {
                        client.Log.Write(LogLevel.Error, $"broken header: \"{FirstLine(buffer.AsSpan(0, count))}\"");
                    }
                    await client.Generation.OnProxyHeaderAsync(client, HandshakeEnd.ProxyHeader, buffer.AsSpan(0, count));
                    return false;
                }
                if (loop.Now >= end || !await client.Channel.Readable(end - loop.Now))
                {
                    await ReportAsync(client, Channel.TimedOut, buffer.AsSpan(0, count));
                    return false;
                }
            }
        }
        finally
        {
            client.Worker.Return(buffer);
        }
    }

    private static ValueTask ReportAsync(Client client, int result, ReadOnlySpan<byte> seen)
    {
        var end = HandshakeEnd.Reset;
        if (result == 0)
        {
            client.Log.Write(LogLevel.Info, "client closed connection");
            end = HandshakeEnd.Closed;
        }
        else if (result == Channel.TimedOut)
        {
            client.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
            end = HandshakeEnd.TimedOut;
        }
        else
        {
            client.Log.WriteChannelError(client.Channel, result, "recv()");
        }
        return result == -Errno.BadDescriptor ? default : client.Generation.OnProxyHeaderAsync(client, end, seen);
    }

    // A header that was begun and will not go on: what has been looked at stays in the socket, so no read tells its end.
    private static bool HasPeerEnded(Client client) =>
        SocketOption.TryGetTcpInformation(client.Channel.Descriptor, out var tcp) && tcp.State == TcpInformation.CloseWait;

    private static string FirstLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
