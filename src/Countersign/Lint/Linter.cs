using Countersign.Lint.Addresses;
using Countersign.Lint.Requests;
using Countersign.Lint.Revocation;
using Countersign.Lint.Trust;

namespace Countersign.Lint;

/// <summary>Every rule, in the order in which a client meets what it is about: address, trust, request, backend, logs.</summary>
internal static class Linter
{
    private static readonly IReadOnlyList<LintRule> Rules =
    [
        new DefaultServerWithoutPolicy(),
        new TrustDiffers(),
        new OcspDiffers(),
        new NginxCompatibility(),
        new VerifyWithoutBundleNames(),
        new AdvertisedListTooLarge(),
        new RootMissing(),
        new DepthTooSmall(),
        new ExpiredInBundle(),
        new LeafInBundle(),
        new DuplicateInBundle(),
        new RekeyedName(),
        new CrlMissing(),
        new CrlExpired(),
        new CrlEndsSoon(),
        new OptionalUnchecked(),
        new SpoofableHeader(),
        new BackendUnverified(),
        new HiddenRefusals(),
    ];

    public static IReadOnlyList<LintWarning> Run(LintCase lint)
    {
        var warnings = new List<LintWarning>();
        foreach (var rule in Rules)
        {
            foreach (var same in rule.Check(lint).GroupBy(warning => warning.Text, StringComparer.Ordinal))
            {
                warnings.Add(same.First() with { Servers = [.. same.SelectMany(warning => warning.Servers).Distinct()] });
            }
        }
        return warnings;
    }
}
