using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Bundle;

/// <summary>A report as one object (docs/guide/bundle.md).</summary>
internal static class BundleJson
{
    private const int Version = 1;

    public static string Of(BundleReport report) => JsonFields.Line(json =>
    {
        json.WriteNumber("v", Version);
        json.WriteString("time", Evidence.Text(report.Now));
        json.WriteStartArray("certificates");
        foreach (var entry in report.Entries)
        {
            Write(json, entry);
        }
        json.WriteEndArray();
        WriteMissing(json, report);
        WriteLists(json, report);
        json.WriteStartObject("advertised");
        json.WriteNumber("names", report.AdvertisedNames);
        json.WriteNumber("bytes", report.AdvertisedBytes);
        json.WriteNumber("record_bytes", BundleReport.RecordBytes);
        json.WriteNumber("list_bytes", BundleReport.ListBytes);
        json.WriteEndObject();
        json.WriteNumber("verify_depth", report.Deepest);
        json.WriteBoolean("whole", report.IsWhole);
        WriteFindings(json, report);
    });

    private static void Write(Utf8JsonWriter json, BundleEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("file", entry.Item.File);
        json.WriteNumber("number", entry.Item.Number);
        json.WriteNumber("line", entry.Item.Line);
        json.WriteString("role", BundlePrinter.RoleOf(entry));
        if (entry.Certificate is not { } certificate)
        {
            json.WriteString("fault", entry.Item.Fault);
            json.WriteEndObject();
            return;
        }
        json.WriteString("subject", Evidence.Cut(certificate.Subject.ToString()));
        json.WriteString("issuer", Evidence.Cut(certificate.Issuer.ToString()));
        json.WriteString("serial", Evidence.Cut(certificate.Serial));
        json.WriteString("sha256", certificate.Sha256);
        json.WriteString("public_key_sha256", certificate.PublicKeySha256);
        json.WriteString("subject_key_id", Evidence.Cut(certificate.SubjectKeyId));
        json.WriteString("authority_key_id", Evidence.Cut(certificate.AuthorityKeyId));
        json.WriteString("not_before", Evidence.Text(certificate.NotBefore));
        json.WriteString("not_after", Evidence.Text(certificate.NotAfter));
        json.WriteBoolean("self_signed", entry.IsSelfSigned);
        json.WriteOptional("depth", entry.Depth);
        json.WriteOptional("path_length", certificate.BasicConstraints?.PathLength);
        json.WriteTexts("issued_by", entry.Issuers.Select(issuer => issuer.Place).Select(Evidence.Cut));
        if (entry.DuplicateOf is { } first)
        {
            json.WriteString("duplicate_of", first.Place);
        }
        json.WriteTexts("crls", entry.Crls.Select(crl => crl.File).Select(Evidence.Cut));
        json.WriteNumber("advertised_bytes", entry.AdvertisedBytes);
        json.WriteEndObject();
    }

    private static void WriteMissing(Utf8JsonWriter json, BundleReport report)
    {
        json.WriteStartArray("missing");
        foreach (var missing in report.Findings.OfType<IssuerMissing>())
        {
            json.WriteStartObject();
            json.WriteString("issuer", Evidence.Cut(missing.Issuer.ToString()));
            json.WriteString("key_id", Evidence.Cut(missing.KeyId));
            json.WriteTexts("urls", missing.Urls.Select(Evidence.Cut));
            json.WriteTexts("needed_by", missing.Needed.Select(entry => entry.Place).Select(Evidence.Cut));
            json.WriteBoolean("fatal", missing.IsFatal);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteLists(Utf8JsonWriter json, BundleReport report)
    {
        var covered = report.Entries.SelectMany(entry => entry.Crls, (entry, crl) => (entry, crl)).ToLookup<(BundleEntry Entry, CrlFacts Crl), object>(
            one => one.Crl, ReferenceEqualityComparer.Instance);
        json.WriteStartArray("crls");
        foreach (var crl in report.Crls)
        {
            json.WriteStartObject();
            json.WriteString("file", crl.File);
            json.WriteString("issuer", Evidence.Cut(crl.Issuer.ToString()));
            json.WriteString("number", Evidence.Cut(crl.Number));
            json.WriteString("this_update", Evidence.Text(crl.ThisUpdate));
            if (crl.NextUpdate is { } end)
            {
                json.WriteString("next_update", Evidence.Text(end));
            }
            else
            {
                json.WriteNull("next_update");
            }
            json.WriteNumber("revoked", crl.Count);
            json.WriteTexts("covers", covered[crl].Select(one => one.Entry.Place).Select(Evidence.Cut));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFindings(Utf8JsonWriter json, BundleReport report)
    {
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("severity", BundlePrinter.SeverityOf(finding));
            json.WriteString("message", Evidence.Cut(finding.Message));
            json.WriteString("mend", finding.Mend);
            json.WriteTexts("about", finding.About.Select(entry => entry.Place).Select(Evidence.Cut));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
