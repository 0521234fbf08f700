using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// The table's rows. The first warms up for longer, and whichever uses other code of a server than those before it: what is compiled while it runs is
/// compiled by then. Two loops and one have to have as many sessions as they keep before they are compared: each new one is then an old one's end.
/// </summary>
internal static class Rows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new ProcessorRow("full handshake + GET, TLS 1.3", new Target(0.67), Work.Full, "1.3", 125, 2500),
        new ProcessorRow("full handshake + GET, TLS 1.3, RSA-2048", new Target(0.80), Work.Full, "1.3", 100, 40) { Keys = Keys.Rsa2048 },
        new ProcessorRow("full handshake + GET, TLS 1.2", null, Work.Full, "1.2", 125, 40),
        new ProcessorRow("refused handshake + GET, TLS 1.3", new Target(1.00), Work.Refused, "1.3", 125, 500) { Client = "stranger" },
        new ExplanationRow(),
        new FloodRow("1,000 more refused clients: memory grows by", "MB", flood => flood.Growth / 1e6),
        new FloodRow("1,000 more refused clients: logs", "kB/s", flood => flood.LoggedPerSecond / 1e3),
        new ProcessorRow("resumed handshake + GET, TLS 1.3", new Target(0.50), Work.Resumed, "1.3", 250, 64),
        new ProcessorRow("resumed handshake + GET, TLS 1.2", new Target(0.80), Work.Resumed, "1.2", 400, 64),
        new ProcessorRow("keep-alive GET, TLS 1.3", new Target(0.85), Work.KeepAlive, "1.3", 5000, 20_000) { OnEitherCore = true },
        new ProcessorRow("1 MB response", new Target(1.00), Work.KeepAlive, "1.3", 100, 20) { Path = "/1m", Connections = 4 },
        new ProcessorRow("100 MB response", new Target(1.00), Work.KeepAlive, "1.3", 1, 1) { Path = "/100m", Connections = 1 },
        new ProcessorRow("100 MB upload", new Target(1.00), Work.KeepAlive, "1.3", 1, 1) { Path = "/upload", Upload = 100_000_000, Connections = 1 },
        new ProcessorRow("100 MB upload, not buffered", null, Work.KeepAlive, "1.3", 1, 1) { Path = "/unbuffered", Upload = 100_000_000, Connections = 1 },
        new LatencyRow(),
        new MemoryRow(),
        new ResidentRow(),
        new StartRow(),
        new LoopsRow("two loops, full handshake + GET", Work.Full, 60, 1000),
        new LoopsRow("two loops, keep-alive GET", Work.KeepAlive, 1000, 2000),
    ];

    /// <exception cref="FormatException">No row has that in its title.</exception>
    public static IReadOnlyList<Row> With(IReadOnlyList<string> texts)
    {
        foreach (var text in texts.Where(text => !All.Any(row => Has(row, text))))
        {
            throw new FormatException($"--only {text}: no such row among {string.Join("; ", All.Select(row => row.Title))}");
        }
        return texts.Count == 0 ? All : [.. All.Where(row => texts.Any(text => Has(row, text)))];
    }

    private static bool Has(Row row, string text) => row.Title.Contains(text, StringComparison.OrdinalIgnoreCase);
}
