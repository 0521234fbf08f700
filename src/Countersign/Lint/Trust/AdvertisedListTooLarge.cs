using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>All names of ssl_client_certificate go to every client, in every full handshake.</summary>
internal sealed class AdvertisedListTooLarge : LintRule
{
    public override string Id => "lint/advertised-list-too-large";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        let bytes = bundle.AdvertisedBytes
        where bytes > BundleReport.RecordBytes
        select bundle.Warning(
            Id,
            bytes > BundleReport.ListBytes
                ? $"the names of {bundle.File} that clients are told take {bytes} bytes, and TLS has room for {BundleReport.ListBytes}: every handshake fails"
                : $"the names of {bundle.File} that clients are told take {bytes} bytes, more than a TLS record of {BundleReport.RecordBytes}: some clients end the handshake at that",
            "Keep in ssl_client_certificate what clients have to choose by, and put the rest into",
            "ssl_trusted_certificate /path/to/all-authorities.pem;");
}
