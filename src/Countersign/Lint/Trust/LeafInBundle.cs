using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>A client's certificate among the authorities: it neither lets that client in nor keeps others out.</summary>
internal sealed class LeafInBundle : LintRule
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public override string Id => "lint/leaf-in-bundle";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        let leaves = bundle.Entries.Where(entry => entry is { Role: BundleRole.Leaf, IsSelfSigned: false }).ToList()
        where leaves.Count > 0
        select bundle.Warning(
            Id,
            $"{LintText.Subjects(leaves)} in {bundle.File} {(leaves.Count == 1 ? "is no authority" : "are no authorities")}: it is the issuer that decides who comes in, so {(leaves.Count == 1 ? "it changes" : "they change")} nothing but the names that clients are told",
            leaves.TrueForAll(IsServer) ? $"Take {(leaves.Count == 1 ? "it" : "them")} out; a server's own chain belongs into ssl_certificate."
                : $"Take {(leaves.Count == 1 ? "it" : "them")} out. To let in only some clients of an authority, compare their subjects or fingerprints (samples/subjects.conf).");

    private static bool IsServer(BundleEntry entry) =>
        entry.Certificate!.ExtendedKeyUsage is { } usage && usage.Contains(ServerAuth) && !usage.Contains(ClientAuth);
}
