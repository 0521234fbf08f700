using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>How long the slowest hundredth of requests on connections that stay take at least, while others make full handshakes beside them.</summary>
internal sealed record LatencyRow() : Row("p99 of keep-alive GET beside 200 handshakes/s", "us", new Target(1.00))
{
    private const int Requests = 1000;
    private const int Handshakes = 200;
    private const int Seconds = 4;
    private const double LeastPace = 0.95;

    public override bool WarmsUp => true;

    public override Measurement Take(Bench bench, Subject subject, int round)
    {
        var (requests, handshakes) = (bench.Scaled(Requests * Seconds), bench.Scaled(Handshakes * Seconds));
        // What these clients compute for their handshakes is nobody's latency but their own.
        using var beside = bench.Drive(
            bench.LoadCore, subject, Keys.P256, "client",
            ["--work", $"{Work.Full}", "--rate", $"{Handshakes}", "--connections", "64", "--operations", $"{handshakes}", "--warm-up", "32"],
            givesWay: true);
        using var clients = bench.Drive(
            subject, Keys.P256, "--work", $"{Work.KeepAlive}", "--rate", $"{Requests}", "--connections", "16", "--operations", $"{requests}", "--warm-up", "500");
        beside.WaitUntilReady();
        clients.WaitUntilReady();
        beside.Go();
        clients.Go();
        var result = clients.Result();
        result.MustHaveDone(requests, resumed: 0);
        beside.Result().MustHaveDone(handshakes, resumed: 0);
        var perSecond = requests / result["seconds"];
        return Result(subject, round, result["p99"], perSecond) with { IsDoubtful = perSecond < LeastPace * Requests };
    }
}
