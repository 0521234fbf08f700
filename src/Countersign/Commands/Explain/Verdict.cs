using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>What becomes of a client.</summary>
internal abstract record Verdict;

/// <summary>It is turned away.</summary>
internal sealed record RefusedVerdict(Refusal Refusal) : Verdict;

/// <summary>Its request is let through to the locations.</summary>
/// <param name="Server">Name and place of the server that decides.</param>
/// <param name="Verify">$ssl_client_verify: SUCCESS, NONE, or FAILED and why where that is let in.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Path">Null where no path was verified.</param>
internal sealed record AcceptedVerdict(string Server, DateTimeOffset Time, string Verify, string Why, VerifiedPath? Path) : Verdict;
