using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Tests.Accept;

public sealed class ReceptionTests
{
    private readonly List<Client> _served = [];

    [Fact]
    public void Who_waits_when_the_loop_takes_nobody_any_more_is_served_and_the_next_is_not_taken()
    {
        using var gate = new OneClient();
        var reception = gate.Client.Worker.Reception;
        gate.Client.Worker.Serve = _served.Add;
        gate.Run(() =>
        {
            var (first, second) = (Newcomer(gate, out var one), Newcomer(gate, out var two));
            reception.TryAdd(first).ShouldBeTrue();
            gate.Client.Worker.Load.ShouldBe(1);
            _served.ShouldBeEmpty();
            reception.Close();
            _served.ShouldHaveSingleItem().Channel.Descriptor.ShouldBe(first.Descriptor);
            gate.Client.Worker.Load.ShouldBe(1);
            reception.TryAdd(second).ShouldBeFalse();
            _served[0].Channel.Dispose();
            foreach (var descriptor in new[] { one, two, second.Descriptor })
            {
                _ = Socket.Close(descriptor);
            }
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Who_waits_when_the_loop_has_ended_is_closed()
    {
        using var gate = new OneClient();
        var reception = gate.Client.Worker.Reception;
        gate.Run(() =>
        {
            reception.TryAdd(Newcomer(gate, out var peer)).ShouldBeTrue();
            reception.Dispose();
            Socket.Receive(peer, new byte[1]).ShouldBe(0);
            reception.Count.ShouldBe(0);
            _ = Socket.Close(peer);
            return Task.CompletedTask;
        });
    }

    private static Newcomer Newcomer(OneClient gate, out int peer)
    {
        Socket.OpenPair(out var descriptor, out peer).ShouldBe(0);
        return new Newcomer(gate.Client.Generation, gate.Client.Listen, descriptor, gate.Client.Peer);
    }
}
