using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>What an operation costs a server, in microseconds of its processor. Its clients stay for as long as it is measured.</summary>
internal sealed class Trial(Subject subject, Driver clients, Work work, int operations) : Gauge
{
    private bool _isReady;

    public override Reading Take()
    {
        if (!_isReady)
        {
            clients.WaitUntilReady();
            _isReady = true;
        }
        var before = subject.ProcessorUse();
        clients.Go();
        var result = clients.Result();
        var used = subject.ProcessorUse().Since(before);
        result.MustHaveDone(operations, resumed: work == Work.Resumed ? operations : 0);
        return new Reading(used.TotalMicroseconds / operations, operations / result["seconds"]);
    }

    public override void Dispose() => clients.Dispose();
}
