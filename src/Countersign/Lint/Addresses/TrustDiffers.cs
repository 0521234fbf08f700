using Countersign.Configuration;

namespace Countersign.Lint.Addresses;

/// <summary>A client without SNI is verified for the default server, whichever it asks afterwards.</summary>
internal sealed class TrustDiffers : LintRule
{
    public override string Id => "lint/trust-differs";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from found in DefaultServerDifference.Find(lint, (one, other) => !IsSame(lint, one, other))
        let ssl = found.Servers[0].Ssl
        select found.Warning(
            Id,
            "verify clients by other authorities, lists or depth than the default server: a client without SNI is verified by the default server's",
            ssl.ClientCertificateAt ?? ssl.TrustedCertificateAt ?? found.Servers[0].Position,
            "Verify alike on one address, or give clients without SNI a default server that turns them away:");

    internal static bool IsSame(LintCase lint, ServerPlan one, ServerPlan other) =>
        lint.TrustOf(one) is not { } trust || lint.TrustOf(other)?.IsSame(trust) == true;
}
