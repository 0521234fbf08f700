using System.Net;

namespace Countersign.Native.Tests.Linux;

public sealed class ProcessTests
{
    [Fact]
    public void Users_and_groups_are_found_by_name()
    {
        Credentials.FindUser("root", out var root).ShouldBe(0);
        root.ShouldBe(new UserIdentity(0, 0));
        Credentials.FindGroup("root", out var group).ShouldBe(0);
        group.ShouldBe(0u);
        Credentials.FindUser("no-such-user-here", out _).ShouldBe(-Errno.NoEntry);
        Credentials.FindGroup("no-such-group-here", out _).ShouldBe(-Errno.NoEntry);
    }

    [Fact]
    public void Limits_and_placement_can_be_read_and_set_to_what_they_are()
    {
        CurrentProcess.OpenFileLimit(out var current, out var maximum).ShouldBe(0);
        current.ShouldBeGreaterThan(0ul);
        CurrentProcess.SetOpenFileLimit(current, maximum).ShouldBe(0);
        var allowed = CurrentProcess.AllowedProcessors();
        allowed.ShouldNotBeEmpty();
        RunOnThread(() =>
        {
            CurrentProcess.BindThread(allowed[0]).ShouldBe(0);
            CurrentProcess.AllowedProcessors().ShouldBe([allowed[0]]);
        });
        CurrentProcess.ThreadId.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_service_manager_hears_readiness_on_its_abstract_socket()
    {
        CurrentProcess.NotifyServiceManager("READY=1").ShouldBe(0);
        var name = "@countersign-" + Guid.NewGuid().ToString("N");
        var address = SocketAddress.FromUnixPath(name);
        var socket = Socket.Open(SocketFamily.Unix, SocketKind.Datagram);
        Socket.Bind(socket, in address).ShouldBe(0);
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", name);
        try
        {
            CurrentProcess.NotifyServiceManager("READY=1").ShouldBe(1);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        }
        var buffer = new byte[16];
        Socket.Receive(socket, buffer).ShouldBe(7);
        SocketTests.Close(socket);
    }

    private static void RunOnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
    }
}
