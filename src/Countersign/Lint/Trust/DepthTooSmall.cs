using Countersign.Configuration;
using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>ssl_verify_depth counts the authorities between a client and the root; the bundle itself has more.</summary>
internal sealed class DepthTooSmall : LintRule
{
    public override string Id => "lint/depth-too-small";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        from servers in bundle.Servers.GroupBy(server => server.Ssl.VerifyDepth)
        let deep = bundle.Authorities.Where(entry => entry.Depth > servers.Key).ToList()
        where deep.Count > 0
        select Warning(bundle, [.. servers], deep, deep.MaxBy(entry => entry.Depth)!);

    private LintWarning Warning(LintBundle bundle, IReadOnlyList<ServerPlan> servers, IReadOnlyList<BundleEntry> deep, BundleEntry deepest) => new(
        Id,
        $"clients of {LintText.Subjects(deep)} in {bundle.File} need ssl_verify_depth {deepest.Depth} and have {servers[0].Ssl.VerifyDepth}: the way up is {Chain(deepest)}",
        servers[0].Ssl.VerifyDepthAt ?? servers[0].Position,
        "Allow the authorities that the bundle has:",
        $"ssl_verify_depth {deepest.Depth};")
    {
        Servers = servers,
    };

    private static string Chain(BundleEntry entry)
    {
        var names = new List<string>();
        for (var next = entry; next is not null; next = next.Issuers.Where(issuer => issuer.Depth < next.Depth).MinBy(issuer => issuer.Depth))
        {
            names.Add($"\"{next.Certificate!.Subject}\"");
        }
        return string.Join(", ", names);
    }
}
