using System.Globalization;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <param name="Depth">0 is the leaf.</param>
internal sealed record ServerProblem(int Code, int Depth, string Message)
{
    public string Name => VerifyErrorName.Of(Code);
}

/// <summary>The server's chain: as it was sent, and whether a client would trust it.</summary>
internal sealed record ServerChain
{
    private const int HostMismatch = 62;
    private const int AddressMismatch = 64;
    private const int SoonDays = 14;

    /// <summary>Leaf first, in the order in which they were sent.</summary>
    public required IReadOnlyList<CertificateFacts> Sent { get; init; }

    /// <summary>File of the authorities; null for the system's.</summary>
    public required string? Trust { get; init; }

    public required IReadOnlyList<ServerProblem> Problems { get; init; }

    /// <summary>What is unusual and yet no reason to refuse.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public bool IsTrusted => Problems.Count == 0;

    /// <returns>Null when there is nothing that could be read.</returns>
    public static ServerChain? Examine(IReadOnlyList<byte[]> sent, ProbeOptions options, TlsClientContext trust, DateTimeOffset now)
    {
        var certificates = sent.Select(der => Certificate.FromDer(der)).OfType<Certificate>().ToList();
        try
        {
            var facts = certificates.Select(one => CertificateReader.Read(one.Der)).OfType<CertificateFacts>().ToList();
            if (facts.Count == 0)
            {
                return null;
            }
            var verdict = TlsServerCheck.Run(trust, certificates, options.VerifyName);
            return new ServerChain
            {
                Sent = facts,
                Trust = options.Authorities,
                Problems = [.. verdict.Problems.Select(problem => new ServerProblem(problem.Error, problem.Depth, Explain(problem, facts, verdict, options, now)))],
                Notes = [.. NotesOf(facts, sent.Count, now)],
            };
        }
        finally
        {
            certificates.ForEach(one => one.Dispose());
        }
    }

    /// <summary><c>DNS:a.example, IP:192.0.2.1</c>.</summary>
    public static IEnumerable<string> Names(CertificateFacts leaf) =>
        [.. leaf.AlternativeNames.Dns, .. leaf.AlternativeNames.Ip];

    /// <summary>A name of the leaf that can be typed as it is; what the server writes into its certificate is not for a shell.</summary>
    public string? PlainName => Sent[0].AlternativeNames.Dns.FirstOrDefault(name => name.Length > 0 && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-'));

    private static string Explain(
        TlsVerification problem, List<CertificateFacts> sent, TlsServerVerdict verdict, ProbeOptions options, DateTimeOffset now)
    {
        var at = problem.Depth < verdict.Path.Count && CertificateReader.Read(verdict.Path[problem.Depth]) is { } one ? one : sent[0];
        var store = options.Authorities ?? "the system's store";
        return problem.Error switch
        {
            HostMismatch or AddressMismatch => $"the certificate is not for {options.VerifyName}: it names "
                + (Names(sent[0]).Any() ? string.Join(", ", Names(sent[0]).Take(8)) : "nobody (no subjectAltName)"),
            10 => $"\"{at.Subject}\" expired {Span.Of(now - at.NotAfter)} ago ({Evidence.Text(at.NotAfter)})",
            9 => $"\"{at.Subject}\" is not valid before {Evidence.Text(at.NotBefore)}, in {Span.Of(at.NotBefore - now)}",
            18 => $"\"{at.Subject}\" is self-signed, and {store} does not have it",
            19 => $"the chain ends at \"{at.Subject}\", a root that {store} does not have",
            2 or 20 or 21 when sent.Count == 1 && !at.IsSelfIssued => $"nobody in {store} is \"{at.Issuer}\", who issued \"{at.Subject}\": the server sends its leaf alone"
                + (at.IssuerUrls.Count > 0 ? $", so an intermediate is missing (it is at {at.IssuerUrls[0]})" : ", so an intermediate may be missing"),
            2 or 20 or 21 => $"nobody in {store} is \"{at.Issuer}\", who issued \"{at.Subject}\"",
            66 or 67 => $"the key of \"{at.Subject}\" ({ObjectNames.Key(at)}) is too weak for OpenSSL's security level",
            68 => $"\"{at.Subject}\" is signed with {ObjectNames.Of([at.SignatureAlgorithm])}, too weak for OpenSSL's security level",
            26 => $"\"{at.Subject}\" may not be used by a server: {ObjectNames.Of(at.ExtendedKeyUsage ?? [])}",
            _ => $"{problem.Text} (\"{at.Subject}\")",
        };
    }

    private static IEnumerable<string> NotesOf(List<CertificateFacts> sent, int count, DateTimeOffset now)
    {
        if (count > sent.Count)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count - sent.Count} of {count} certificates cannot be read");
        }
        for (var i = 0; i + 1 < sent.Count; i++)
        {
            if (!sent[i].IsIssuedBy(sent[i + 1]))
            {
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"the chain is not in order: {i + 1} (\"{sent[i + 1].Subject}\") did not issue {i} (\"{sent[i].Subject}\"); some clients do not sort");
                break;
            }
        }
        if (sent.Count > 1 && sent[^1].IsSelfIssued)
        {
            yield return $"the root \"{sent[^1].Subject}\" is sent as well: no client needs it";
        }
        foreach (var one in sent.Where(one => one.NotAfter > now && one.NotAfter - now < TimeSpan.FromDays(SoonDays)))
        {
            yield return $"\"{one.Subject}\" expires in {Span.Of(one.NotAfter - now)}";
        }
    }
}
