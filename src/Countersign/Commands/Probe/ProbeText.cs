using System.Globalization;
using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Commands.Probe;

/// <summary>A report as text: aligned, wrapped on a terminal, coloured where the terminal wants it.</summary>
/// <param name="width">Of the terminal; null for none, whose lines are long and not endless.</param>
internal sealed class ProbeText(Terminal terminal, int? width)
{
    private const int LabelWidth = 16;
    private const int ShownAuthorities = 8;
    private const int PipeWidth = 160;
    private const int RecordLength = 16 * 1024;
    private const int NarrowWidth = 60;

    private readonly int _width = width is { } columns ? Math.Max(columns, NarrowWidth) : PipeWidth;

    public void Write(ProbeReport report)
    {
        var address = report.Without.Address == report.Options.Target.Host ? "" : $"  {report.Without.Address}";
        Line(($"{report.Options.Target}{address}", Terminal.Bold));
        WriteServer(report);
        WriteRequest(report);
        if (report.Options.Certificate is { } certificate)
        {
            WriteCertificate(report, certificate);
        }
        if (report.Withholding is { } withholding)
        {
            WriteClients(withholding);
        }
        Head("What happened");
        foreach (var sight in report.Sights)
        {
            Field(ProbeWords.Name(sight, report), ProbeWords.Story(sight));
        }
        WriteVerdict(report);
    }

    private void WriteServer(ProbeReport report)
    {
        Head("Server");
        if (report.Without.Protocol.Length > 0)
        {
            Field("protocol", string.Join(", ", ProbeWords.Negotiated(report.Without)));
        }
        if (report.Server is not { } server)
        {
            Field("chain", report.Without.Chain.Count > 0 ? "none that could be read" : "it did not come to that");
            return;
        }
        var leaf = server.Sent[0];
        Field("certificate", $"{leaf.Subject}, {ProbeWords.Validity(leaf, report.Now)}");
        Field("names", ServerChain.Names(leaf).Any() ? string.Join(", ", ServerChain.Names(leaf).Take(ShownAuthorities)) : "none (no subjectAltName)");
        for (var i = 0; i < server.Sent.Count; i++)
        {
            Field(i == 0 ? "chain sent" : "", string.Create(CultureInfo.InvariantCulture, $"{i}  {server.Sent[i].Subject}  <-  {server.Sent[i].Issuer}"));
        }
        Field("verified", server.IsTrusted ? $"yes, against {server.Trust ?? "the system's store"}, for {report.Options.VerifyName}" : "no", server.IsTrusted ? Terminal.Good : Terminal.Bad);
        foreach (var problem in server.Problems)
        {
            Field("", $"{problem.Message} ({problem.Code.ToString(CultureInfo.InvariantCulture)}, {problem.Name})", Terminal.Doubtful);
        }
        foreach (var note in server.Notes)
        {
            Field("note", note);
        }
    }

    private void WriteRequest(ProbeReport report)
    {
        Head("What it asks for");
        Field("certificate", ProbeWords.Asked(report), Terminal.Bold);
        if (report.Request is not { } request)
        {
            return;
        }
        Field("authorities", request.Authorities.Count == 0
            ? "none named: a certificate of any"
            : string.Create(CultureInfo.InvariantCulture, $"{request.Authorities.Count}, {request.AuthorityBytes} bytes (a list ends at 64 KB)"));
        foreach (var name in request.Authorities.Take(ShownAuthorities))
        {
            Field("", name.ToString());
        }
        if (request.Authorities.Count > ShownAuthorities)
        {
            Field("", string.Create(CultureInfo.InvariantCulture, $"and {request.Authorities.Count - ShownAuthorities} more (--json has them all)"));
        }
        if (request.Length > RecordLength)
        {
            Field("note", string.Create(CultureInfo.InvariantCulture,
                $"the request has {request.Length} bytes, more than a TLS record of 16 KB: some clients fail on it (not-sent/advertised-list-too-large)"), Terminal.Doubtful);
        }
        if (request.SignatureAlgorithms.Count > 0)
        {
            Field("signatures", string.Join(", ", request.SignatureAlgorithms.Select(SignatureSchemes.Name)));
        }
        if (request.CertificateSignatureAlgorithms.Count > 0)
        {
            Field("in certificates", string.Join(", ", request.CertificateSignatureAlgorithms.Select(SignatureSchemes.Name)));
        }
        if (ProbeWords.Types(report) is { Count: > 0 } types)
        {
            Field("types (TLS 1.2)", string.Join(", ", types.Select(SignatureSchemes.CertificateTypeName)));
        }
    }

    private void WriteCertificate(ProbeReport report, ProbeCertificate certificate)
    {
        Head("Your certificate");
        Field("subject", certificate.Leaf.Subject.ToString());
        Field("issuer", certificate.Leaf.Issuer.ToString());
        Field("valid", ProbeWords.Validity(certificate.Leaf, report.Now));
        Field("key", $"{ObjectNames.Key(certificate.Leaf)}{(certificate.IsOtherKey ? ", and the key in the file is another" : "")}");
        Field("sent with it", certificate.Chain.Count == 1 ? "nothing: the file has the leaf alone" : string.Join("; ", certificate.Chain.Skip(1).Take(ShownAuthorities).Select(one => one.Subject)));
        foreach (var finding in report.Findings)
        {
            Field("problem", $"{finding.Message} ({finding.Id}, {ProbeWords.Of(finding.Confidence)})", Terminal.Doubtful);
        }
        if (report.Findings.Count == 0)
        {
            Field("problem", "none that can be seen from here", Terminal.Good);
        }
    }

    private void WriteClients(Withholding withholding)
    {
        Head("Who would send it, asked like this");
        var sending = ClientStack.All.Where(stack => withholding.By(stack) is null).ToList();
        Field("would", sending.Count == 0 ? "nobody" : string.Join(", ", sending.Select(stack => stack.Name)));
        foreach (var group in ClientStack.All.Select(withholding.By).OfType<Withheld>().GroupBy(one => (one.Id, one.Message)))
        {
            Field("would not", $"{string.Join(", ", group.Select(one => one.Stack.Name))}: {group.Key.Message} ({group.Key.Id})", Terminal.Doubtful);
        }
    }

    private void WriteVerdict(ProbeReport report)
    {
        var verdict = report.Verdict;
        Line();
        Line(
            (verdict.IsLetIn ? "LET IN" : "REFUSED", verdict.IsLetIn ? Terminal.Good : Terminal.Bad),
            (verdict.Id.Length == 0 ? "" : $"  {verdict.Id} ({ProbeWords.Of(verdict.Confidence)})", Terminal.Bold));
        foreach (var line in Demo.DemoReport.Wrap(SafeText.Of(verdict.Why), _width - 3))
        {
            Line(("  " + line, Style.Plain));
        }
        if (report is { With: not null, Without.Answer: { } answer, Verdict.IsLetIn: false } && HttpRefusal.Of(answer, wasSent: false) == HttpMeaning.LetIn)
        {
            Line(("  Without a certificate it would have answered.", Style.Plain));
        }
        foreach (var next in verdict.Next)
        {
            // Not wrapped: it is there to be pasted.
            Line(("  Try: " + SafeText.Of(next), Style.Plain));
        }
    }

    private void Head(string text)
    {
        Line();
        Line((text, Terminal.Bold));
    }

    private void Field(string label, string text, Style? style = null)
    {
        const int Indent = 2;
        var lines = Demo.DemoReport.Wrap(SafeText.Of(text), _width - Indent - LabelWidth - 1);
        for (var i = 0; i < lines.Length; i++)
        {
            Line((new string(' ', Indent) + (i == 0 ? label : "").PadRight(LabelWidth), Style.Plain), (lines[i], style ?? Style.Plain));
        }
    }

    private void Line(params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        foreach (var (text, style) in parts)
        {
            if (style == Style.Plain)
            {
                terminal.Write(text);
            }
            else
            {
                terminal.Write(text, style);
            }
        }
        terminal.Write("\n");
    }
}
