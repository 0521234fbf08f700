namespace Countersign.Lint.Trust;

/// <summary>The same certificate twice in one file.</summary>
internal sealed class DuplicateInBundle : LintRule
{
    public override string Id => "lint/duplicate-in-bundle";

    // One in ssl_client_certificate may well be in ssl_trusted_certificate, too.
    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        from file in bundle.Report.Entries.Where(entry => entry.DuplicateOf is { } first && first.Item.File == entry.Item.File).GroupBy(entry => entry.Item.File)
        select bundle.Warning(
            Id,
            $"{LintText.List(file.Select(entry => $"\"{entry.Certificate!.Subject}\" (certificates {entry.DuplicateOf!.Item.Number} and {entry.Item.Number})"))} {(file.Count() == 1 ? "is" : "are")} in {file.Key} more than once",
            "Take all but one out: whoever replaces it will miss the other.");
}
