using System.Net;
using System.Text;

namespace Countersign.Native.Tests.Linux;

public sealed class SocketTests
{
    [Fact]
    public void A_connection_is_accepted_with_the_address_it_comes_from()
    {
        var listener = Listen(IPAddress.Loopback, out var address);
        var client = Connect(address);
        SocketAddress peer = default, own = default;
        var server = Await(() => Socket.Accept(listener, ref peer));
        Socket.LocalAddress(client, ref own).ShouldBe(0);

        peer.ToEndPoint().ShouldBe(own.ToEndPoint());
        peer.Bytes.SequenceEqual(own.Bytes).ShouldBeTrue();
        Socket.TakeError(client).ShouldBe(0);

        Socket.Send(client, "head "u8, "body"u8).ShouldBe(9);
        var buffer = new byte[64];
        Await(() => Socket.Peek(server, buffer.AsSpan(0, 4))).ShouldBe(4);
        Socket.Receive(server, buffer).ShouldBe(9);
        Encoding.UTF8.GetString(buffer, 0, 9).ShouldBe("head body");
        Socket.Receive(server, buffer).ShouldBe(-Errno.Again);
        Socket.ShutDownSending(client).ShouldBe(0);
        Await(() => Socket.Receive(server, buffer)).ShouldBe(0);
        Close(client, server, listener);
    }

    [Fact]
    public void A_refused_connection_is_an_error_number_with_the_C_librarys_text()
    {
        var listener = Listen(IPAddress.Loopback, out var address);
        Close(listener);
        var client = Socket.Open(SocketFamily.IPv4);
        var result = Socket.Connect(client, in address);
        if (result == -Errno.InProgress)
        {
            using var epoll = new Epoll(1);
            epoll.Add(client, EpollFlags.Out, 0).ShouldBe(0);
            epoll.Wait(5000).ShouldBe(1);
            result = Socket.TakeError(client);
        }
        result.ShouldBe(-Errno.ConnectionRefused);
        Errno.Text(result).ShouldBe("Connection refused");
        Errno.Text(Errno.AddressInUse).ShouldBe("Address already in use");
        Close(client);
    }

    [Fact]
    public void An_address_in_use_is_refused_unless_the_port_is_shared()
    {
        var first = Listen(IPAddress.Loopback, out var address);
        var second = Socket.Open(SocketFamily.IPv4);
        Socket.Bind(second, in address).ShouldBe(-Errno.AddressInUse);
        Close(first, second);

        var shared = new[] { Socket.Open(SocketFamily.IPv4), Socket.Open(SocketFamily.IPv4) };
        foreach (var socket in shared)
        {
            SocketOption.ReusePort(socket, true).ShouldBe(0);
            Socket.Bind(socket, in address).ShouldBe(0);
            Socket.Listen(socket, 511).ShouldBe(0);
        }
        Close(shared);
    }

    [Fact]
    public void A_peer_that_is_gone_is_a_broken_pipe_and_no_signal()
    {
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        Close(second);
        Socket.Send(first, "x"u8).ShouldBe(-Errno.BrokenPipe);
        Close(first);
    }

    [Fact]
    public void Closing_after_ResetOnClose_sends_a_reset()
    {
        var listener = Listen(IPAddress.Loopback, out var address);
        var client = Connect(address);
        SocketAddress peer = default;
        var server = Await(() => Socket.Accept(listener, ref peer));
        SocketOption.ResetOnClose(server).ShouldBe(0);
        Close(server);
        Await(() => Socket.Receive(client, new byte[1])).ShouldBe(-Errno.ConnectionReset);
        Close(client, listener);
    }

    [Fact]
    public void Every_listen_option_is_taken_by_the_kernel()
    {
        var socket = Socket.Open(SocketFamily.IPv6);
        SocketOption.OnlyIPv6(socket, true).ShouldBe(0);
        SocketOption.ReuseAddress(socket, true).ShouldBe(0);
        SocketOption.ReceiveBuffer(socket, 32768).ShouldBe(0);
        SocketOption.SendBuffer(socket, 32768).ShouldBe(0);
        SocketOption.KeepAlive(socket, 30, 5, 3).ShouldBe(0);
        SocketOption.DeferAccept(socket, 1).ShouldBe(0);
        SocketOption.FastOpen(socket, 5).ShouldBe(0);
        SocketOption.NoDelay(socket, true).ShouldBe(0);
        var address = SocketAddress.FromIP(IPAddress.IPv6Loopback, 0);
        Socket.Bind(socket, in address).ShouldBe(0);
        Socket.Listen(socket, 511).ShouldBe(0);
        Close(socket);
    }

    [Fact]
    public void A_socket_that_is_accepted_sends_without_delay_as_the_one_that_listens()
    {
        var listener = Socket.Open(SocketFamily.IPv4);
        var address = SocketAddress.FromIP(IPAddress.Loopback, 0);
        Socket.Bind(listener, in address).ShouldBe(0);
        Socket.Listen(listener, 1).ShouldBe(0);
        SocketOption.NoDelay(listener, true).ShouldBe(0);
        Socket.LocalAddress(listener, ref address).ShouldBe(0);
        var client = Socket.Open(SocketFamily.IPv4);
        _ = Socket.Connect(client, in address);
        SocketAddress peer = default;
        var server = Await(() => Socket.Accept(listener, ref peer));
        using (var accepted = new System.Net.Sockets.Socket(new System.Net.Sockets.SafeSocketHandle(server, ownsHandle: true)))
        {
            accepted.NoDelay.ShouldBeTrue();
        }
        Close(client, listener);
    }

    [Fact]
    public void A_unix_socket_listens_at_its_path()
    {
        var path = Path.Combine(Path.GetTempPath(), $"countersign-{Guid.NewGuid():N}.sock");
        var address = SocketAddress.FromUnixPath(path);
        address.ToString().ShouldBe("unix:" + path);
        var listener = Socket.Open(SocketFamily.Unix);
        Socket.Bind(listener, in address).ShouldBe(0);
        Socket.Listen(listener, 1).ShouldBe(0);
        var client = Socket.Open(SocketFamily.Unix);
        Socket.Connect(client, in address).ShouldBe(0);
        SocketAddress peer = default;
        var server = Socket.Accept(listener, ref peer);
        server.ShouldBeGreaterThan(0);
        peer.Family.ShouldBe(SocketFamily.Unix);
        peer.ToString().ShouldBe("unix:");
        Close(client, server, listener);
        FileDescriptor.Unlink(path).ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1")]
    [InlineData("fe80::1234:0:0:5678")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("1::")]
    [InlineData("0:1:2:3:4:5:6:7")]
    public void An_address_reads_as_nginx_writes_it(string text)
    {
        var address = SocketAddress.FromIP(IPAddress.Parse(text), 443);
        Span<byte> bytes = stackalloc byte[SocketAddressText.MaximumLength];
        Encoding.ASCII.GetString(bytes[..address.Format(bytes, withPort: false)]).ShouldBe(text);
        address.ToString().ShouldBe(text.Contains(':') ? $"[{text}]:443" : $"{text}:443");
        address.Port.ShouldBe(443);
        address.ToIPAddress().ShouldBe(IPAddress.Parse(text));
    }

    internal static int Listen(IPAddress ip, out SocketAddress address)
    {
        address = SocketAddress.FromIP(ip, 0);
        var listener = Socket.Open(address.Family);
        SocketOption.ReuseAddress(listener, true).ShouldBe(0);
        Socket.Bind(listener, in address).ShouldBe(0);
        Socket.Listen(listener, 16).ShouldBe(0);
        Socket.LocalAddress(listener, ref address).ShouldBe(0);
        return listener;
    }

    internal static int Connect(SocketAddress address)
    {
        var client = Socket.Open(address.Family);
        var result = Socket.Connect(client, in address);
        (result is 0 or -Errno.InProgress).ShouldBeTrue(Errno.Text(result));
        return client;
    }

    internal static int Await(Func<int> call)
    {
        for (var turn = 0; turn < 5000; turn++)
        {
            if (call() is var result && result != -Errno.Again)
            {
                return result;
            }
            Thread.Sleep(1);
        }
        throw new TimeoutException();
    }

    internal static void Close(params ReadOnlySpan<int> sockets)
    {
        foreach (var socket in sockets)
        {
            Socket.Close(socket).ShouldBe(0);
        }
    }
}
