using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops, related to what it costs the same server with one. Both may use both cores, as the clients do:
/// otherwise the one that shares them would be compared with one that does not.
/// </summary>
internal sealed record LoopsRow(string Title, Work Work, int Operations) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    private const int Pairs = 2;

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Measurement Take(Bench bench, Subject subject, int round)
    {
        using var alone = new Side(this, bench, subject, loops: 1);
        using var both = new Side(this, bench, subject, loops: 2);
        // There and back again, so that a machine that grows slower or faster meanwhile does so for both.
        var (one, two) = (0.0, 0.0);
        for (var pair = 0; pair < (round == 0 ? 1 : Pairs); pair++)
        {
            one += alone.Cost();
            two += both.Cost() + both.Cost();
            one += alone.Cost();
        }
        return Result(subject, round, two / one);
    }

    /// <summary>One of the two servers with its clients, who stay: what they have compiled in one measurement they do not compile in the next.</summary>
    private sealed class Side : IDisposable
    {
        private readonly int _operations;
        private readonly Subject _spread;
        private readonly Driver _clients;

        public Side(LoopsRow row, Bench bench, Subject subject, int loops)
        {
            _operations = Math.Max(bench.Connections, bench.Scaled(row.Operations));
            _spread = bench.Spread(subject, loops);
            _clients = bench.Drive(
                bench.BothCores, _spread, Keys.P256, "--work", $"{row.Work}", "--connections", $"{bench.Connections}", "--operations", $"{_operations}",
                "--warm-up", $"{bench.Connections * 4}");
            _clients.WaitUntilReady();
        }

        /// <summary>Microseconds of the server for one operation.</summary>
        public double Cost()
        {
            var before = _spread.ProcessorUse();
            _clients.Go();
            var result = _clients.Result();
            var used = _spread.ProcessorUse().Since(before);
            result.MustHaveDone(_operations, resumed: 0);
            return used.TotalMicroseconds / _operations;
        }

        public void Dispose() => _clients.Dispose();
    }
}
