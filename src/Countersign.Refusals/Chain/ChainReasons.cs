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
        var builder = new PathBuilder(chain.IsSigned, chain.Now, chain.Budget, chain.Presented);
        IReadOnlyList<CertificateFacts> trusted = [.. chain.Trust.Certificates.Select(one => one.Certificate)];
        var taken = builder.Follow(chain.Leaf, trusted, chain.Presented);
        if (chain.Errors is [{ Depth: VerifyError.UnknownDepth } error])
        {
            return (new Unexplained(error, chain.Leaf), [], taken);
        }
        var reasons = new List<Reason>();
        if (chain.Errors.Any(one => PathReasons.Refuses(one.Code, chain.Trust)) || IsPathMasked(chain))
        {
            if (PathReasons.Of(chain, taken, builder.Build(chain.Leaf, trusted, chain.Presented), builder) is { } reason)
            {
                reasons.Add(reason);
            }
        }
        foreach (var one in chain.Errors)
        {
            if (ErrorReasons.Of(one, chain, taken, builder) is { } reason && reasons.TrueForAll(other => other.Id != reason.Id) && !FollowsFrom(reasons, reason))
            {
                reasons.Add(reason);
            }
        }
        if (reasons.Count == 0)
        {
            reasons.Add(new Unexplained(chain.Errors[0], taken.At(chain.Errors[0].Depth)));
        }
        return (reasons[0], reasons[1..], taken);
    }

    // After a weak key of the client's own OpenSSL says that again in the place of "self-signed" (18 and 19).
    private static bool IsPathMasked(ChainCase chain) =>
        chain.Trust.Mode != "optional_no_ca" && chain.Errors.Count(one => one.Code == ErrorReasons.WeakKey) > 1;

    private static bool FollowsFrom(List<Reason> reasons, Reason reason)
    {
        int? depth = reason switch { CrlMissing missing => missing.Depth, CrlIssuerUnknown unknown => unknown.Depth, _ => null };
        return depth is not null && reasons.Exists(cause => cause switch
        {
            // Without a path libssl cannot know whose list to look for, nor who signed it.
            UnknownIssuer or MissingIntermediate or RootAbsent or SelfSigned or TooDeep or SameNameOtherKey or SameKeyOtherName or UntrustedRootSent or UnsupportedAlgorithm => cause == reasons[0],
            // Of a list that it does not take libssl also says that it is missing.
            CrlScope scope => scope.Depth == depth,
            CrlSignature signature => signature.Depth == depth,
            _ => false,
        });
    }
}
