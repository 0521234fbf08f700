namespace Countersign.Native;

public enum SocketKind
{
    Stream = 1,
    Datagram = 2,
}

/// <summary>
/// Socket calls on plain descriptors. Every result is a count, a descriptor or 0, or else a negative error number
/// (<see cref="Errno"/>). All sockets are non-blocking and close on exec.
/// </summary>
public static unsafe class Socket
{
    private const int Flags = NativeSocket.NonBlocking | NativeSocket.CloseOnExec;

    public static int Open(SocketFamily family, SocketKind kind = SocketKind.Stream) =>
        Errno.Of(NativeSocket.Open((int)family, (int)kind | Flags, 0));

    /// <summary>Two unix stream sockets connected to each other.</summary>
    public static int OpenPair(out int first, out int second)
    {
        var pair = stackalloc int[2];
        var result = Errno.Of(NativeSocket.OpenPair((int)SocketFamily.Unix, (int)SocketKind.Stream | Flags, 0, pair));
        (first, second) = result < 0 ? (-1, -1) : (pair[0], pair[1]);
        return result;
    }

    public static int Bind(int socket, in SocketAddress address)
    {
        fixed (byte* bytes = address.Bytes)
        {
            return Errno.Of(NativeSocket.Bind(socket, bytes, (uint)address.Bytes.Length));
        }
    }

    public static int Listen(int socket, int backlog) => Errno.Of(NativeSocket.Listen(socket, backlog));

    /// <summary>The accepted descriptor, non-blocking, and where it comes from.</summary>
    public static int Accept(int listener, ref SocketAddress peer)
    {
        uint length = SocketAddress.StorageLength;
        int result;
        fixed (byte* bytes = peer.Writable)
        {
            result = Errno.Of(NativeSocket.Accept(listener, bytes, &length, Flags));
        }
        peer.SetLength(result < 0 ? 0 : length);
        return result;
    }

    public static int LocalAddress(int socket, ref SocketAddress address)
    {
        uint length = SocketAddress.StorageLength;
        int result;
        fixed (byte* bytes = address.Writable)
        {
            result = Errno.Of(NativeSocket.LocalAddress(socket, bytes, &length));
        }
        address.SetLength(result < 0 ? 0 : length);
        return result;
    }

    public static int PeerAddress(int socket, ref SocketAddress address)
    {
        uint length = SocketAddress.StorageLength;
        int result;
        fixed (byte* bytes = address.Writable)
        {
            result = Errno.Of(NativeSocket.PeerAddress(socket, bytes, &length));
        }
        address.SetLength(result < 0 ? 0 : length);
        return result;
    }

    /// <summary>-EINPROGRESS means: wait for writability, then ask <see cref="TakeError"/>.</summary>
    public static int Connect(int socket, in SocketAddress address)
    {
        fixed (byte* bytes = address.Bytes)
        {
            return Errno.Of(NativeSocket.Connect(socket, bytes, (uint)address.Bytes.Length));
        }
    }

    /// <summary>The pending error of the socket as a negative number, 0 for none; reading clears it.</summary>
    public static int TakeError(int socket)
    {
        var error = 0;
        uint length = sizeof(int);
        var result = Errno.Of(NativeSocket.GetOption(socket, NativeSocket.SocketLevel, NativeSocket.PendingError, &error, &length));
        return result < 0 ? result : -error;
    }

    /// <summary>0 is the end of the stream.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Errno.Of(NativeSocket.Receive(socket, start, (nuint)buffer.Length, 0));
        }
    }

    /// <summary>As <see cref="Receive"/>, but the bytes stay in the socket.</summary>
    public static int Peek(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Errno.Of(NativeSocket.Receive(socket, start, (nuint)buffer.Length, NativeSocket.Peek));
        }
    }

    /// <summary>Bytes taken by the kernel, perhaps fewer than given. A closed peer is -EPIPE, never a signal.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)Errno.Of(NativeSocket.Send(socket, start, (nuint)bytes.Length, NativeSocket.NoSignal));
        }
    }

    /// <summary>Two spans in one call and, with Nagle off, one segment: a head and the first of its body.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* a = first, b = second)
        {
            var pieces = stackalloc NativeSocket.Piece[2];
            pieces[0] = new NativeSocket.Piece { Start = a, Length = (nuint)first.Length };
            pieces[1] = new NativeSocket.Piece { Start = b, Length = (nuint)second.Length };
            var message = new NativeSocket.Message { Pieces = pieces, PieceCount = 2 };
            return (int)Errno.Of(NativeSocket.SendMessage(socket, &message, NativeSocket.NoSignal));
        }
    }

    public static int SendTo(int socket, ReadOnlySpan<byte> bytes, in SocketAddress address)
    {
        fixed (byte* start = bytes, target = address.Bytes)
        {
            return (int)Errno.Of(NativeSocket.SendTo(
                socket, start, (nuint)bytes.Length, NativeSocket.NoSignal, target, (uint)address.Bytes.Length));
        }
    }

    public static int ShutDownSending(int socket) => Errno.Of(NativeSocket.ShutDown(socket, 1));

    public static int ShutDownBoth(int socket) => Errno.Of(NativeSocket.ShutDown(socket, 2));

    public static int Close(int socket) => Errno.Of(NativeFile.Close(socket));
}
