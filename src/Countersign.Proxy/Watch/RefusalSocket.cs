using System.Text;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Watch;

/// <summary>
/// refusal_socket: a unix socket for <c>countersign tail</c> and <c>countersign incident</c>. What it tells is the operator's alone, so nobody
/// but the gate's user and root may connect.
/// </summary>
internal sealed class RefusalSocket : Pollable
{
    private const int MostCallers = 16;
    private const uint OwnerAlone = 0x180;

    private readonly Loop _loop;
    private readonly RefusalLedger _ledger;
    private readonly HashSet<RefusalCaller> _callers = [];
    private int _listener = -1;

    public RefusalSocket(Loop loop, RefusalLedger ledger)
    {
        _loop = loop;
        _ledger = ledger;
    }

    /// <summary>Binds. A socket that nobody listens to any more is put away first.</summary>
    /// <param name="owner">Who the gate will run as, or null.</param>
    /// <returns>Null, or a sentence why not.</returns>
    public static string? Open(string path, UserIdentity? owner, out int listener)
    {
        listener = -1;
        if (Encoding.UTF8.GetByteCount(path) > 107)
        {
            return $"\"{path}\" is too long for a unix socket";
        }
        var address = SocketAddress.FromUnixPath(path);
        var socket = Socket.Open(SocketFamily.Unix);
        if (socket < 0)
        {
            return Failure("socket", path, socket);
        }
        // A mode that is set after the fact leaves a moment for anybody to connect.
        _ = FileDescriptor.ChangeMode(socket, OwnerAlone);
        var result = Socket.Bind(socket, address);
        if (result == -Errno.AddressInUse)
        {
            if (IsAnswered(address))
            {
                _ = Socket.Close(socket);
                return $"\"{path}\" belongs to another gate that is running";
            }
            if (FileDescriptor.Status(path, out var status) == 0 && status.IsSocket)
            {
                _ = FileDescriptor.Unlink(path);
                result = Socket.Bind(socket, address);
            }
        }
        if (result == 0 && owner is not null)
        {
            _ = FileDescriptor.ChangeOwner(path, owner.Value.User, owner.Value.Group);
        }
        result = result < 0 ? result : Socket.Listen(socket, MostCallers);
        if (result < 0)
        {
            _ = Socket.Close(socket);
            return Failure("bind", path, result);
        }
        listener = socket;
        return null;
    }

    /// <summary>Takes callers from that descriptor, which is closed here in the end, and no longer from the one before.</summary>
    public void Use(int listener)
    {
        if (_listener >= 0)
        {
            _loop.RemoveOpen(this, _listener);
            _ = Socket.Close(_listener);
        }
        _listener = listener;
        if (listener >= 0 && _loop.Add(this, listener, EpollFlags.In) < 0)
        {
            _ = Socket.Close(listener);
            _listener = -1;
        }
    }

    /// <summary>Somebody follows: a line has to be made even where no log wants it.</summary>
    public bool HasFollowers => _callers.Count > 0;

    /// <param name="line">Without its line feed.</param>
    public void Tell(byte[] line)
    {
        foreach (var caller in _callers.Where(caller => caller.Follows).ToArray())
        {
            caller.Send(line);
        }
    }

    public void Close()
    {
        Use(-1);
        foreach (var caller in _callers.ToArray())
        {
            caller.Dispose();
        }
    }

    /// <summary>Lets an asynchronous method go on by itself; those of a loop never throw.</summary>
    internal static void Begin(ValueTask life)
    {
        if (life.IsCompleted)
        {
            life.GetAwaiter().GetResult();
        }
        else
        {
            life.GetAwaiter().UnsafeOnCompleted(static () => { });
        }
    }

    protected internal override void OnReady(EpollFlags flags)
    {
        SocketAddress peer = default;
        var descriptor = Socket.Accept(_listener, ref peer);
        if (descriptor < 0)
        {
            return;
        }
        if (_callers.Count >= MostCallers)
        {
            _ = Socket.Close(descriptor);
        }
        else if (Channel.Open(_loop, descriptor, out var channel) == 0)
        {
            var caller = new RefusalCaller(channel!, caller => _callers.Remove(caller));
            _callers.Add(caller);
            Begin(caller.RunAsync(Find));
        }
    }

    // Who was told of an incident may ask for it: what was reported before is in the ledger by then.
    private byte[]? Find(string incident)
    {
        _loop.RunPosted();
        return _ledger.Find(incident);
    }

    private static bool IsAnswered(in SocketAddress address)
    {
        var socket = Socket.Open(SocketFamily.Unix);
        if (socket < 0)
        {
            return true;
        }
        var result = Socket.Connect(socket, address);
        _ = Socket.Close(socket);
        return result != -Errno.ConnectionRefused;
    }

    private static string Failure(string call, string path, int result) => $"{call}() \"{path}\" failed ({-result}: {Errno.Text(-result)})";
}
