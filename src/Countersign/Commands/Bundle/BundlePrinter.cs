using System.Globalization;
using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Commands.Bundle;

/// <summary>A report for a terminal: each certificate with its place among the others, then what is to be done.</summary>
internal sealed class BundlePrinter(Terminal terminal)
{
    public static string RoleOf(BundleEntry entry) => entry.Role switch
    {
        BundleRole.Root => "root",
        BundleRole.Intermediate => "intermediate",
        BundleRole.CrossSigned => "cross-signed",
        BundleRole.Leaf => "leaf",
        BundleRole.Unreadable => "unreadable",
    };

    public static string SeverityOf(BundleFinding finding) => finding.Severity switch
    {
        BundleSeverity.Fault => "fault",
        BundleSeverity.Warning => "warning",
        BundleSeverity.Note => "note",
    };

    public void Write(BundleReport report)
    {
        WriteEntries(report);
        WriteLists(report);
        WriteSums(report);
        WriteFindings(report);
    }

    private void WriteEntries(BundleReport report)
    {
        var width = report.Entries.Count == 0 ? 0 : Math.Min(60, report.Entries.Max(entry => entry.Place.Length));
        var worst = report.Findings.SelectMany(finding => finding.About, (finding, entry) => (finding.Severity, entry))
            .GroupBy(one => one.entry).ToDictionary(one => one.Key, one => one.Min(each => each.Severity));
        foreach (var entry in report.Entries)
        {
            terminal.Write($"{SafeText.Of(entry.Place).PadRight(width)}  ");
            terminal.Write(RoleOf(entry).PadRight(12), StyleOf(worst.GetValueOrDefault(entry, BundleSeverity.Note)));
            terminal.WriteLine($"  {SafeText.Of(entry.Certificate?.Subject.ToString() ?? entry.Item.Fault)}");
            if (entry.Certificate is not null)
            {
                terminal.WriteLine($"{"".PadRight(width + 16)}{SafeText.Of(string.Join("; ", Facts(entry, report)))}");
            }
        }
    }

    private static IEnumerable<string> Facts(BundleEntry entry, BundleReport report)
    {
        var certificate = entry.Certificate!;
        if (entry.DuplicateOf is { } first)
        {
            yield return $"{first.Place} again";
            yield break;
        }
        yield return Until(certificate.NotAfter, report.Now);
        if (certificate.SubjectKeyId.Length > 0)
        {
            yield return $"key id {certificate.SubjectKeyId}";
        }
        yield return entry.IsSelfSigned ? "signed by itself"
            : entry.Issuers.Count > 0 ? $"issued by {string.Join(" and ", entry.Issuers.Take(4).Select(issuer => issuer.Place))}"
            : $"issued by \"{certificate.Issuer}\", which is missing";
        if (certificate.BasicConstraints?.PathLength is { } length)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"pathlen {length}");
        }
        if (certificate.NameConstraints is { } names)
        {
            yield return $"names limited to {string.Join(", ", names.Permitted.Take(4).Concat(names.Excluded.Take(4).Select(name => "not " + name)))}";
        }
    }

    private void WriteLists(BundleReport report)
    {
        if (!report.ChecksRevocation)
        {
            return;
        }
        terminal.WriteLine("\nRevocation lists");
        var authorities = report.Entries.Where(entry => entry is { IsAuthority: true, DuplicateOf: null }).ToList();
        var width = authorities.Count == 0 ? 0 : Math.Min(60, authorities.Max(entry => entry.Certificate!.Subject.ToString().Length));
        foreach (var entry in authorities)
        {
            terminal.Write($"  {SafeText.Of(entry.Certificate!.Subject.ToString()).PadRight(width)}  ");
            if (entry.Crls.Count == 0)
            {
                terminal.Write("missing", Terminal.Bad);
                terminal.Write("\n");
            }
            else
            {
                terminal.WriteLine(SafeText.Of(string.Join("; ", entry.Crls.Take(4).Select(crl =>
                    $"{crl.File}{(crl.Number.Length == 0 ? "" : $" number {crl.Number}")} {(crl.NextUpdate is { } end ? Until(end, report.Now) : "without an end")}, {crl.Count} revoked"))));
            }
        }
    }

    private void WriteSums(BundleReport report)
    {
        var sums = report.Entries.GroupBy(entry => entry.Role).Select(role => string.Create(CultureInfo.InvariantCulture, $"{role.Count()} {RoleOf(role.First())}"));
        terminal.WriteLine($"\n{string.Join(", ", sums.DefaultIfEmpty("nothing"))}"
            + (report.Entries.Any(entry => entry is { IsAuthority: true, Depth: not null })
                ? string.Create(CultureInfo.InvariantCulture, $"; ssl_verify_depth {report.Deepest} is enough for clients right below them") : ""));
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.AdvertisedNames} {(report.AdvertisedNames == 1 ? "name" : "names")} for clients, {report.AdvertisedBytes} bytes: {Share(report.AdvertisedBytes, BundleReport.RecordBytes)} of a TLS record ({BundleReport.RecordBytes}), {Share(report.AdvertisedBytes, BundleReport.ListBytes)} of the longest list ({BundleReport.ListBytes})"));
        if (!report.IsWhole)
        {
            terminal.WriteLine("there was more to compare than is compared: some issuers are known by their names alone");
        }
    }

    private void WriteFindings(BundleReport report)
    {
        if (report.Findings.Count == 0)
        {
            terminal.Write("\nnothing to mend\n", Terminal.Good);
            return;
        }
        terminal.Write("\n");
        var width = report.Findings.Max(finding => finding.Id.Length);
        foreach (var finding in report.Findings)
        {
            terminal.Write(SeverityOf(finding).PadRight(7), StyleOf(finding.Severity));
            terminal.WriteLine($"  {finding.Id.PadRight(width)}  {SafeText.Of(finding.Message)}");
            if (finding.Mend.Length > 0)
            {
                terminal.WriteLine($"{"".PadRight(width + 11)}{SafeText.Of(finding.Mend)}");
            }
        }
    }

    private static Style StyleOf(BundleSeverity severity) => severity switch
    {
        BundleSeverity.Fault => Terminal.Bad,
        BundleSeverity.Warning => Terminal.Doubtful,
        BundleSeverity.Note => Terminal.Bold,
    };

    private static string Until(DateTimeOffset end, DateTimeOffset now) =>
        end < now ? $"ended {Evidence.Text(end)}, {Span.Of(now - end)} ago" : $"until {Evidence.Text(end)}, {Span.Of(end - now)}";

    private static string Share(int bytes, int of) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * bytes / of:0.0}%");
}
