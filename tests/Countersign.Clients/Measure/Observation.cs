using Countersign.Clients.Drivers;
using Countersign.Refusals;

namespace Countersign.Clients.Measure;

public enum Sent
{
    /// <summary>No request came of it.</summary>
    Unknown,

    Nothing,

    /// <summary>Its own certificate alone.</summary>
    Leaf,

    /// <summary>With the intermediate.</summary>
    Chain,
}

/// <summary>What one visit came to, for both sides.</summary>
/// <param name="Refusal">Id; empty for a client that was let in, and for a refusal that has none.</param>
/// <param name="ComesAgain">It ended the connection in which it was asked, and answered in another.</param>
/// <param name="AnsweredAfter">From the gate's flight to the client's.</param>
public sealed record Observation(
    Driver Driver, Situation Situation, string Protocol, Sent Sent, bool IsLetIn, string Refusal, bool ComesAgain, TimeSpan? AnsweredAfter,
    ClientHelloFacts? Hello, string UserAgent, Seen Seen)
{
    public static Observation Of(Driver driver, Visit visit, Seen seen, GateRecord? record)
    {
        var connections = visit.Tap.Connections;
        var answering = connections.FirstOrDefault(connection => connection.AnsweredAfter is not null);
        return new Observation(
            driver,
            visit.Situation,
            visit.Protocol,
            record is null ? Sent.Unknown : SentBy(record, visit),
            record?.Verify == "SUCCESS",
            record?.Refusal ?? "",
            connections.Any(connection => connection.IsLeft),
            answering?.AnsweredAfter,
            (answering ?? connections.FirstOrDefault())?.Hello,
            record?.UserAgent is { } agent and not "-" ? agent : "",
            seen);
    }

    /// <summary>The gate has the root only: who is let in with a certificate of an intermediate has sent that.</summary>
    private static Sent SentBy(GateRecord record, Visit visit) => record.Verify switch
    {
        "NONE" => Sent.Nothing,
        "SUCCESS" => visit.Credentials.Chain(visit.Situation).Count > 1 ? Sent.Chain : Sent.Leaf,
        _ => record.Presented switch { 0 => Sent.Unknown, 1 => Sent.Leaf, _ => Sent.Chain },
    };
}
