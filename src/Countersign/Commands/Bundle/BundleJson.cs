using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Bundle;

/// <summary>A report as one object (docs/guide/bundle.md).</summary>
internal static class BundleJson
{
    private const int Version = 1;

    public static string Of(BundleReport report)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
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
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

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
        json.WriteString("subject", Cut(certificate.Subject.ToString()));
        json.WriteString("issuer", Cut(certificate.Issuer.ToString()));
        json.WriteString("serial", Cut(certificate.Serial));
        json.WriteString("sha256", certificate.Sha256);
        json.WriteString("public_key_sha256", certificate.PublicKeySha256);
        json.WriteString("subject_key_id", Cut(certificate.SubjectKeyId));
        json.WriteString("authority_key_id", Cut(certificate.AuthorityKeyId));
        json.WriteString("not_before", Evidence.Text(certificate.NotBefore));
        json.WriteString("not_after", Evidence.Text(certificate.NotAfter));
        json.WriteBoolean("self_signed", entry.IsSelfSigned);
        WriteNumber(json, "depth", entry.Depth);
        WriteNumber(json, "path_length", certificate.BasicConstraints?.PathLength);
        WriteList(json, "issued_by", entry.Issuers.Select(issuer => issuer.Place));
        if (entry.DuplicateOf is { } first)
        {
            json.WriteString("duplicate_of", first.Place);
        }
        WriteList(json, "crls", entry.Crls.Select(crl => crl.File));
        json.WriteNumber("advertised_bytes", entry.AdvertisedBytes);
        json.WriteEndObject();
    }

    private static void WriteMissing(Utf8JsonWriter json, BundleReport report)
    {
        json.WriteStartArray("missing");
        foreach (var missing in report.Findings.OfType<IssuerMissing>())
        {
            json.WriteStartObject();
            json.WriteString("issuer", Cut(missing.Issuer.ToString()));
            json.WriteString("key_id", Cut(missing.KeyId));
            WriteList(json, "urls", missing.Urls);
            WriteList(json, "needed_by", missing.Needed.Select(entry => entry.Place));
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
            json.WriteString("issuer", Cut(crl.Issuer.ToString()));
            json.WriteString("number", Cut(crl.Number));
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
            WriteList(json, "covers", covered[crl].Select(one => one.Entry.Place));
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
            json.WriteString("message", Cut(finding.Message));
            json.WriteString("mend", finding.Mend);
            WriteList(json, "about", finding.About.Select(entry => entry.Place));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(Cut(value));
        }
        json.WriteEndArray();
    }

    private static string Cut(string text) => text.Length <= Evidence.LongestText ? text : string.Concat(text.AsSpan(0, Evidence.LongestText), "...");
}
