using System.Net;

namespace Countersign.Native.Tests.Linux;

/// <summary>
/// In a second process, because nobody comes back from another user. It is no module initializer there, since threads it
/// starts would wait for the initializer's own end.
/// </summary>
public sealed class LeavingRoot
{
    [Fact]
    public async Task Afterwards_the_loading_thread_alone_can_still_read_and_bind()
    {
        if (!Credentials.IsRoot)
        {
            throw Prerequisite.Missing("only root can leave root");
        }
        if (SecondProcess.IsThis)
        {
            Check().ShouldBeNull();
            return;
        }
        await SecondProcess.Run(typeof(LeavingRoot), nameof(Afterwards_the_loading_thread_alone_can_still_read_and_bind));
    }

    private static string? Check()
    {
        // Every system has it, root alone reads it, and nothing stays behind.
        const string secret = "/etc/shadow";
        using var started = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        string? otherThread = null;
        var before = new Thread(() =>
        {
            started.Set();
            left.Wait();
            using (Credentials.Raise())
            {
                otherThread = CanRead(secret) ? "a thread from before kept its capabilities" : null;
            }
        });
        before.Start();
        started.Wait();
        Credentials.FindUser("nobody", out var nobody);
        if (Credentials.Become("nobody", nobody.User, nobody.Group) is var result and < 0)
        {
            return "become: " + Errno.Text(result);
        }
        left.Set();
        before.Join();
        return otherThread
            ?? (Credentials.EffectiveUser == nobody.User ? null : "still root")
            ?? (CanRead(secret) ? "reads before raising" : null)
            ?? (CanBind() ? "binds before raising" : null)
            ?? Raised(secret)
            ?? (CanRead(secret) ? "reads after lowering" : null)
            ?? Writing(secret);
    }

    private static string? Writing(string secret)
    {
        using (Credentials.Raise())
        {
            if (!CanOpen(secret, OpenFlags.WriteOnly))
            {
                return "cannot write";
            }
        }
        Credentials.GiveUpWriting();
        using (Credentials.Raise())
        {
            return !CanRead(secret) ? "reads no more"
                : CanOpen(secret, OpenFlags.WriteOnly) && (Credentials.Capabilities.Permitted & 1u << 2) != 0 ? "still writes"
                : null;
        }
    }

    private static string? Raised(string secret)
    {
        using (Credentials.Raise())
        {
            return CanRead(secret) ? CanBind() ? null : "cannot bind" : "cannot read";
        }
    }

    private static bool CanRead(string path) => CanOpen(path, OpenFlags.ReadOnly);

    private static bool CanOpen(string path, OpenFlags flags)
    {
        var file = FileDescriptor.Open(path, flags);
        return file >= 0 && FileDescriptor.Close(file) == 0;
    }

    private static bool CanBind()
    {
        var socket = Socket.Open(SocketFamily.IPv4);
        var address = SocketAddress.FromIP(IPAddress.Loopback, 613);
        var result = Socket.Bind(socket, in address);
        Socket.Close(socket);
        return result == 0;
    }
}
