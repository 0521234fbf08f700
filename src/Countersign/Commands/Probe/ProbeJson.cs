using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>A report for machines: one JSON object of <see cref="Version"/>, ended by a line feed. docs/guide/probe.md describes it.</summary>
internal static class ProbeJson
{
    /// <summary>Grows when a field changes its meaning or goes; new ones may come without.</summary>
    public const int Version = 1;

    public static void Write(Stream output, ProbeReport report)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            WriteTarget(json, report);
            WriteVerdict(json, report.Verdict);
            WriteServer(json, report);
            WriteRequest(json, report);
            WriteCertificate(json, report);
            json.WriteStartArray("connections");
            foreach (var sight in report.Sights)
            {
                WriteSight(json, sight, isOlder: ReferenceEquals(sight, report.Older));
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.Write("\n"u8);
        output.Flush();
    }

    private static void WriteTarget(Utf8JsonWriter json, ProbeReport report)
    {
        json.WriteStartObject("target");
        json.WriteString("host", report.Options.Target.Host);
        json.WriteNumber("port", report.Options.Target.Port);
        json.WriteString("address", report.Without.Address);
        json.WriteString("sni", report.Options.ServerName);
        json.WriteString("http_host", report.Options.Host);
        json.WriteString("path", report.Options.Path);
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, ProbeVerdict verdict)
    {
        json.WriteStartObject("verdict");
        json.WriteBoolean("let_in", verdict.IsLetIn);
        json.WriteString("reason", verdict.Id.Length == 0 ? null : verdict.Id);
        json.WriteString("confidence", ProbeWords.Of(verdict.Confidence));
        json.WriteString("why", verdict.Why);
        json.WriteTexts("next", verdict.Next);
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, ProbeReport report)
    {
        if (report.Server is not { } server)
        {
            json.WriteNull("server");
            return;
        }
        json.WriteStartObject("server");
        WriteChain(json, server.Sent);
        json.WriteString("verified_for", report.Options.VerifyName);
        json.WriteString("verified_against", server.Trust ?? "system");
        json.WriteBoolean("verified", server.IsTrusted);
        json.WriteStartArray("problems");
        foreach (var problem in server.Problems)
        {
            json.WriteStartObject();
            json.WriteNumber("code", problem.Code);
            json.WriteString("name", problem.Name);
            json.WriteNumber("depth", problem.Depth);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteTexts("notes", server.Notes);
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, ProbeReport report)
    {
        json.WriteStartObject("request");
        json.WriteString("asked", ProbeWords.Of(report.Asked));
        if (report.Request is { } request)
        {
            json.WriteNumber("bytes", request.Length);
            json.WriteNumber("authority_count", request.Authorities.Count);
            json.WriteNumber("authority_bytes", request.AuthorityBytes);
            json.WriteNumber("unreadable_authorities", request.UnreadableAuthorities);
            json.WriteTexts("authorities", request.Authorities.Select(name => name.ToString()));
            json.WriteTexts("signature_algorithms", request.SignatureAlgorithms.Select(SignatureSchemes.Name));
            json.WriteTexts("certificate_signature_algorithms", request.CertificateSignatureAlgorithms.Select(SignatureSchemes.Name));
        }
        json.WriteTexts("certificate_types", ProbeWords.Types(report).Select(SignatureSchemes.CertificateTypeName));
        json.WriteEndObject();
    }

    private static void WriteCertificate(Utf8JsonWriter json, ProbeReport report)
    {
        if (report.Options.Certificate is not { } certificate)
        {
            json.WriteNull("certificate");
            return;
        }
        json.WriteStartObject("certificate");
        WriteChain(json, certificate.Chain);
        json.WriteBoolean("key_matches", !certificate.IsOtherKey);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("reason", finding.Id);
            json.WriteString("confidence", ProbeWords.Of(finding.Confidence));
            json.WriteString("message", finding.Message);
            json.WriteString("next", finding.Next);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("clients");
        foreach (var stack in report.Withholding is null ? [] : ClientStack.All)
        {
            var withheld = report.Withholding!.By(stack);
            json.WriteStartObject();
            json.WriteString("name", stack.Name);
            json.WriteString("programs", stack.Programs);
            json.WriteBoolean("sends", withheld is null);
            json.WriteString("reason", withheld?.Id);
            json.WriteString("message", withheld?.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSight(Utf8JsonWriter json, ProbeSight sight, bool isOlder)
    {
        json.WriteStartObject();
        json.WriteBoolean("with_certificate", sight.HasCertificate);
        json.WriteBoolean("tls12_only", isOlder);
        json.WriteBoolean("handshake_done", sight.IsHandshakeDone);
        json.WriteString("protocol", Known(sight.Protocol));
        json.WriteString("cipher", Known(sight.Cipher));
        json.WriteString("group", Known(sight.Group));
        json.WriteString("alpn", Known(sight.Alpn));
        json.WriteString("asked", ProbeWords.Of(sight.Asked));
        json.WriteOptional("sent_certificates", sight.Sent);
        json.WriteString("end", ProbeWords.Of(sight.End));
        if (sight.Alert is { } alert)
        {
            json.WriteStartObject("alert");
            json.WriteNumber("number", alert.Number);
            json.WriteString("name", alert.Name);
            json.WriteBoolean("after_certificate", alert.IsAfterCertificate);
            json.WriteBoolean("after_finished", alert.IsAfterFinished);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("alert");
        }
        if (sight.Answer is { } answer)
        {
            json.WriteStartObject("http");
            json.WriteNumber("status", answer.Status);
            json.WriteString("phrase", answer.Phrase);
            json.WriteString("title", answer.Title);
            json.WriteString("server", Known(answer.Server));
            json.WriteString("location", Known(answer.Location));
            json.WriteString("incident", Known(answer.Incident));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("http");
        }
        json.WriteString("failure", Known(sight.Failure));
        json.WriteNumber("milliseconds", (long)sight.Elapsed.TotalMilliseconds);
        json.WriteEndObject();
    }

    private static void WriteChain(Utf8JsonWriter json, IEnumerable<CertificateFacts> chain)
    {
        json.WriteStartArray("chain");
        foreach (var one in chain)
        {
            WriteFacts(json, one);
        }
        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, CertificateFacts one)
    {
        json.WriteStartObject();
        json.WriteString("subject", one.Subject.ToString());
        json.WriteString("issuer", one.Issuer.ToString());
        json.WriteString("serial", one.Serial);
        json.WriteString("sha256", one.Sha256);
        json.WriteString("not_before", Evidence.Text(one.NotBefore));
        json.WriteString("not_after", Evidence.Text(one.NotAfter));
        json.WriteString("key", ObjectNames.Key(one));
        json.WriteTexts("names", ServerChain.Names(one));
        json.WriteEndObject();
    }

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
