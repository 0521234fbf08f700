using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>User and system time of the server for one operation.</summary>
/// <param name="Operations">Those of an eighth of a second.</param>
/// <param name="WarmUp">Operations before all that count; each connection has one at least.</param>
internal sealed record ProcessorRow(string Title, Target? Target, Work Work, string Protocol, int Operations, int WarmUp) : Row(Title, "us CPU", Target)
{
    public Keys Keys { get; init; }
    public string Path { get; init; } = "/a";
    /// <summary>Bytes that are sent with each request.</summary>
    public int Upload { get; init; }
    /// <summary>Name of the client's files.</summary>
    public string Client { get; init; } = "client";
    /// <summary>Instead of the run's.</summary>
    public int? Connections { get; init; }

    /// <summary>
    /// The server is on the one core and on the other in turn: where clients and backend cost as much as the server, the slower of a machine's cores
    /// decides who waits for whom.
    /// </summary>
    public bool OnEitherCore { get; init; }

    public override bool WarmsUp => true;

    public override bool IsForPeers => Work != Work.Refused;

    public override Gauge Gauge(Bench bench, Subject subject) => OnEitherCore
        ? new AlternatingGauge(Trial(bench, subject), Trial(bench, bench.Placed(subject, bench.Exchanged, loops: 1)))
        : Trial(bench, subject);

    private Trial Trial(Bench bench, Subject subject)
    {
        var connections = Connections ?? bench.Connections;
        var operations = Math.Max(connections, bench.Scaled(Operations));
        var clients = bench.Drive(
            subject, Keys, Client,
            [
                "--work", $"{Work}", "--protocol", Protocol, "--path", Path, "--upload", $"{Upload}", "--connections", $"{connections}",
                "--operations", $"{operations}", "--warm-up", $"{Math.Max(WarmUp, connections)}",
            ]);
        return new Trial(subject, [clients], Work, operations);
    }
}
