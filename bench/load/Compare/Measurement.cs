using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>A row of the table.</summary>
/// <param name="Operations">Counted ones in a round: about a second of a server's time.</param>
/// <param name="WarmUp">Operations before them, in each round.</param>
internal sealed record Row(string Title, Work Work, string Protocol, int Operations, int WarmUp)
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new("full handshake + GET, TLS 1.3", Work.Full, "1.3", 600, 60),
        new("full handshake + GET, TLS 1.2", Work.Full, "1.2", 700, 60),
        new("resumed handshake + GET, TLS 1.3", Work.Resumed, "1.3", 1000, 100),
        new("resumed handshake + GET, TLS 1.2", Work.Resumed, "1.2", 2000, 100),
        new("keep-alive GET, TLS 1.3", Work.KeepAlive, "1.3", 30_000, 2000),
    ];
}

/// <param name="Microseconds">User and system time of the server for one operation.</param>
/// <param name="PerSecond">Operations a second as the clients saw them; bounded by the clients' core, so no measure of the server.</param>
internal sealed record Measurement(string Subject, string Row, int Round, double Microseconds, double PerSecond);
