using System.Runtime.CompilerServices;

namespace Countersign.Proxy.Tests;

public sealed class LoopMethodBuilderTests
{
    [Fact]
    public void A_thousand_methods_that_wait_at_once_allocate_nothing_once_warm()
    {
        using var client = new OneClient();
        long allocated = -1;
        client.Run(async () =>
        {
            var gates = Enumerable.Range(0, 1000).Select(_ => new Gate()).ToArray();
            var tasks = new ValueTask<int>[gates.Length];
            for (var round = 0; round < 4; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var index = 0; index < gates.Length; index++)
                {
                    tasks[index] = OuterAsync(gates[index], index);
                }
                foreach (var gate in gates)
                {
                    gate.Open();
                }
                var sum = 0;
                for (var index = 0; index < gates.Length; index++)
                {
                    sum += await tasks[index];
                }
                sum.ShouldBe(500_500);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        });
        allocated.ShouldBeLessThan(1000, "bytes for a thousand methods");
    }

    [Fact]
    public void An_exception_comes_out_whether_or_not_the_method_waited()
    {
        using var client = new OneClient();
        client.Run(async () =>
        {
            var gate = new Gate();
            var waiting = FailAsync(gate);
            gate.Open();
            (await Should.ThrowAsync<InvalidOperationException>(async () => await waiting)).Message.ShouldBe("late");
            (await Should.ThrowAsync<InvalidOperationException>(async () => await FailAsync(null))).Message.ShouldBe("early");
        });
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> OuterAsync(Gate gate, int number) => await InnerAsync(gate, number) + 1;

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> InnerAsync(Gate gate, int number)
    {
        await gate;
        return number;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask FailAsync(Gate? gate)
    {
        if (gate is null)
        {
            throw new InvalidOperationException("early");
        }
        await gate;
        throw new InvalidOperationException("late");
    }

    private sealed class Gate : ICriticalNotifyCompletion
    {
        private Action? _continuation;

        public Gate GetAwaiter() => this;
        public bool IsCompleted => false;
        public void GetResult() { }
        public void OnCompleted(Action continuation) => _continuation = continuation;
        public void UnsafeOnCompleted(Action continuation) => _continuation = continuation;

        public void Open()
        {
            var continuation = _continuation;
            _continuation = null;
            continuation!();
        }
    }
}
