using System.Globalization;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>What was seen, in words.</summary>
internal static class ProbeWords
{
    public static string Of(Confidence confidence) => confidence switch
    {
        Confidence.Proved => "proved",
        Confidence.Likely => "likely",
        Confidence.Possible => "possible",
    };

    public static string Of(ProbeEnd end) => end switch
    {
        ProbeEnd.Answer => "answer",
        ProbeEnd.OtherAnswer => "other_answer",
        ProbeEnd.Handshake => "handshake",
        ProbeEnd.Alert => "alert",
        ProbeEnd.Closed => "closed",
        ProbeEnd.Reset => "reset",
        ProbeEnd.TimedOut => "timed_out",
        ProbeEnd.Failed => "failed",
    };

    public static string Of(ProbeAsked asked) => asked switch
    {
        ProbeAsked.Never => "never",
        ProbeAsked.Handshake => "handshake",
        ProbeAsked.PostHandshake => "post_handshake",
        ProbeAsked.Renegotiation => "renegotiation",
    };

    public static string Name(ProbeSight sight, ProbeReport report) =>
        ReferenceEquals(sight, report.Older) ? "by TLS 1.2" : sight.HasCertificate ? "with it" : "without it";

    /// <summary>Protocol, cipher, group, ALPN.</summary>
    public static IEnumerable<string> Negotiated(ProbeSight sight) =>
        new[] { sight.Protocol, sight.Cipher, sight.Group, sight.Alpn.Length > 0 ? $"ALPN {sight.Alpn}" : "no ALPN" }.Where(text => text.Length > 0);

    public static string Validity(CertificateFacts certificate, DateTimeOffset now) =>
        now > certificate.NotAfter ? $"expired {Evidence.Text(certificate.NotAfter)}, {Span.Of(now - certificate.NotAfter)} ago"
        : now < certificate.NotBefore ? $"not before {Evidence.Text(certificate.NotBefore)}, in {Span.Of(certificate.NotBefore - now)}"
        : $"until {Evidence.Text(certificate.NotAfter)}, {Span.Of(certificate.NotAfter - now)} left";

    public static string Asked(ProbeReport report) => report.Asked switch
    {
        ProbeAsked.Handshake => report.Older is { IsHandshakeDone: true, Asked: ProbeAsked.Never } ? "yes, in the handshake, and not by TLS 1.2" : "yes, in the handshake",
        ProbeAsked.PostHandshake => "yes, but late: after the handshake (TLS 1.3 post-handshake authentication), which browsers and most libraries do not do",
        ProbeAsked.Renegotiation => "yes, but late: in a renegotiation (TLS 1.2), which TLS 1.3 has not and many clients refuse",
        ProbeAsked.Never when report.Older is { Asked: ProbeAsked.Handshake } => "by TLS 1.2 alone",
        ProbeAsked.Never => report.Without.IsHandshakeDone || report.Without.Chain.Count > 0 ? "no" : "it did not come to that",
    };

    /// <summary>Certificate types of whichever connection was by TLS 1.2.</summary>
    public static IReadOnlyList<int> Types(ProbeReport report) =>
        report.Sights.Select(sight => sight.Request?.CertificateTypes).FirstOrDefault(types => types is { Count: > 0 }) ?? [];

    public static string Story(ProbeSight sight)
    {
        var parts = new List<string>();
        if (sight.IsHandshakeDone)
        {
            parts.Add($"{sight.Protocol} handshake done");
        }
        if (sight.Sent is { } sent)
        {
            parts.Add(sent == 0 ? "asked, and no certificate sent" : sent == 1 ? "1 certificate sent" : string.Create(CultureInfo.InvariantCulture, $"{sent} certificates sent"));
        }
        else if (sight.Asked != ProbeAsked.Never)
        {
            parts.Add("asked for a certificate");
        }
        else if (sight.IsHandshakeDone)
        {
            parts.Add("not asked");
        }
        parts.Add(Ending(sight));
        return string.Join("; ", parts);
    }

    private static string Ending(ProbeSight sight) => sight.End switch
    {
        ProbeEnd.Answer => AnswerText(sight.Answer!),
        ProbeEnd.OtherAnswer => "then an answer that is no HTTP/1",
        ProbeEnd.Handshake => "no request sent",
        ProbeEnd.Alert => AlertText(sight.Alert!),
        ProbeEnd.Closed => sight.Failure.Length > 0 ? $"connection closed ({sight.Failure})" : "connection closed",
        ProbeEnd.Reset => "connection reset",
        ProbeEnd.TimedOut => string.Create(CultureInfo.InvariantCulture, $"nothing more within {sight.Elapsed.TotalSeconds:0.#} s"),
        ProbeEnd.Failed => $"OpenSSL: {sight.Failure}",
    };

    private static string AnswerText(HttpAnswer answer)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Status} {answer.Phrase}").TrimEnd();
        return text
            + (answer.Title.Length > 0 && answer.Title != answer.Phrase ? $", \"{answer.Title}\"" : "")
            + (answer.Location.Length > 0 ? $", to {answer.Location}" : "")
            + (answer.Incident.Length > 0 ? $", incident {answer.Incident}" : "")
            + (answer.Server.Length > 0 ? $" (from {answer.Server})" : "");
    }

    private static string AlertText(ProbeAlert alert) => string.Create(CultureInfo.InvariantCulture, $"alert {alert.Number} {alert.Name}, ")
        + (alert.IsAfterFinished ? "after Finished" : "before the server's Finished")
        + (alert.IsAfterCertificate ? ", with the certificate sent" : "");
}
