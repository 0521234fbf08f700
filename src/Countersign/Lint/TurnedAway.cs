using Countersign.Configuration;

namespace Countersign.Lint;

/// <summary>Whether a server is there to turn away whoever comes: no handshake, or 4xx for every request.</summary>
internal static class TurnedAway
{
    public static bool By(ServerPlan server) =>
        server.Ssl.RejectHandshake || Refuses(server.Rewrite) || DeniesAll(server.Root) || AllRefuse(server.Root);

    /// <summary>No request gets as far as the location's own content.</summary>
    public static bool By(LocationPlan location) => Refuses(location.Rewrite) || DeniesAll(location);

    /// <summary>Whoever comes is sent on to another place, which asks for itself.</summary>
    public static bool ToElsewhere(ServerPlan server) => Returns(server.Rewrite) is >= 300 and < 400;

    private static bool AllRefuse(LocationPlan root)
    {
        var locations = root.Children.Concat(root.RegexChildren).ToList();
        return locations.Any(location => location is { Kind: LocationKind.Prefix or LocationKind.PrefixFinal, Name: "/" }) && locations.TrueForAll(By);
    }

    private static bool DeniesAll(LocationPlan location) => location.Access.Rules is [{ Allow: false, Network: null, Unix: false }, ..];

    private static bool Refuses(IReadOnlyList<RewriteStep> steps) => Returns(steps) is >= 400 and < 500;

    // What stands before may still answer a few of them, as for a probe of health.
    private static int? Returns(IReadOnlyList<RewriteStep> steps)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case ReturnStep answer:
                    return answer.Status;
                case BreakStep or RewriteRuleStep:
                    return null;
            }
        }
        return null;
    }
}
