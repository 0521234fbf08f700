using System.Security.Cryptography;
using Countersign.Refusals;

namespace Countersign.Commands.Bundle;

/// <summary>The bundle as it should be, with a line about each certificate that OpenSSL passes over.</summary>
internal static class BundleFix
{
    /// <param name="error">Hears of what is left out, and of what no order mends.</param>
    public static void Write(BundleReport report, TextWriter output, TextWriter error)
    {
        var order = BundleOrder.Of(report);
        foreach (var entry in order.Kept)
        {
            var certificate = entry.Certificate!;
            // A line that begins with a hash is no BEGIN, whatever a name holds.
            output.Write($"# {BundlePrinter.RoleOf(entry)}  {SafeText.Of(certificate.Subject.ToString())}  until {Evidence.Text(certificate.NotAfter)}  SHA-256 {certificate.Sha256}\n");
            output.Write(PemEncoding.WriteString(entry.Item.Label, entry.Item.Content.Span));
            output.Write('\n');
        }
        foreach (var (entry, why) in order.Dropped)
        {
            error.WriteLine($"left out: {SafeText.Of(entry.ToString())} {SafeText.Of(why)}");
        }
        foreach (var finding in report.Findings.Where(finding => finding.Severity != BundleSeverity.Note && !IsMended(finding)))
        {
            error.WriteLine($"{BundlePrinter.SeverityOf(finding)}: {SafeText.Of(finding.Message)}{(finding.Mend.Length > 0 ? $"; {SafeText.Of(finding.Mend)}" : "")}");
        }
        if (order.Kept.Count == 0)
        {
            throw new UsageException("nothing would be left of it", "countersign bundle FILE");
        }
    }

    private static bool IsMended(BundleFinding finding) => finding is DuplicateEntry or LeafEntry or ExpiredEntry or UnreadableEntry or StrangeBlock { Fault.IsKey: true };
}
