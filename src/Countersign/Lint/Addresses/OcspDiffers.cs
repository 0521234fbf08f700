using Countersign.Configuration;

namespace Countersign.Lint.Addresses;

/// <summary>About a client without SNI the default server's responder is asked, whichever server it asks afterwards.</summary>
internal sealed class OcspDiffers : LintRule
{
    public override string Id => "lint/ocsp-differs";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from found in DefaultServerDifference.Find(lint, (one, other) => TrustDiffers.IsSame(lint, one, other) && IsUnasked(one, other))
        select found.Warning(
            Id,
            "have another ssl_ocsp than the default server: a client without SNI is asked about as the default server has it",
            found.Servers[0].Ssl.Ocsp?.At ?? found.Servers[0].Position,
            "Ask alike on one address, or give clients without SNI a default server that turns them away:");

    private static bool IsUnasked(ServerPlan one, ServerPlan other) => other.Ssl.Ocsp is { } wanted && one.Ssl.Ocsp?.Covers(wanted) != true;
}
