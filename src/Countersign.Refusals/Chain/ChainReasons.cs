namespace Countersign.Refusals;

/// <summary>
/// From libssl's errors to what is wrong. The verdict is libssl's and stands; this says why. A path that cannot be built comes before everything
/// that is said about its certificates, because all of that is said again about another path; after it libssl's own order is that of the path.
/// </summary>
public static class ChainReasons
{
    /// <returns>The root cause, and what else would still refuse the client once it is mended.</returns>
    public static (Reason Reason, IReadOnlyList<Reason> Others, CertificatePath Path) Of(ChainCase chain)
    {
        var builder = new PathBuilder(chain.IsSigned);
        var path = builder.Build(chain.Leaf, [.. chain.Trust.Certificates.Select(trusted => trusted.Certificate)], chain.Presented);
        var reasons = new List<Reason>();
        if (chain.Errors.Any(error => PathReasons.IsAboutPaths(error.Code)) || path.End != PathEnd.Anchor)
        {
            if (PathReasons.Of(chain, path, builder) is { } reason)
            {
                reasons.Add(reason);
            }
        }
        foreach (var error in chain.Errors)
        {
            if (ErrorReasons.Of(error, chain, path, builder) is { } reason && reasons.TrueForAll(other => other.Id != reason.Id) && !FollowsFrom(reasons, reason))
            {
                reasons.Add(reason);
            }
        }
        if (reasons.Count == 0)
        {
            reasons.Add(new Unexplained(chain.Errors[0], path.At(chain.Errors[0].Depth)));
        }
        return (reasons[0], reasons[1..], path);
    }

    // Without a path libssl cannot know whose list to look for.
    private static bool FollowsFrom(List<Reason> reasons, Reason reason) =>
        reason is CrlMissing && reasons.Count > 0 && reasons[0] is UnknownIssuer or MissingIntermediate or RootAbsent or SelfSigned or TooDeep or SameNameOtherKey or UntrustedRootSent;
}
