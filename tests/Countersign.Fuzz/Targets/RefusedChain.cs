using System.Formats.Asn1;
using System.Text.RegularExpressions;
using Countersign.Refusals;

namespace Countersign.Fuzz.Targets;

/// <summary>
/// The whole analysis of a refused chain, with any errors and any signatures: it ends within its budget, says the same twice, and what is written of it is
/// bounded. Input: a byte of how signatures fall and how many of the last certificates are trusted, a byte of how many errors, each as code and depth, and
/// then certificates and lists, DER after DER.
/// </summary>
public sealed partial class RefusedChain : FuzzTarget
{
    private const int LongestLine = 1500;

    private static readonly DateTimeOffset Now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override string Name => "RefusedChain";

    public override int Inputs => 4_000;

    public override IReadOnlyList<string> Dictionary { get; } =
    [
        "\u0030\u0080", "\0\0", "\u0006\u0003\u0055\u001d\u001e", "\u0006\u0003\u0055\u001d\u0023", "\u0006\u0003\u0055\u001d\u000e", "\u0001\u0001\u00ff", "\u0017\u000d491231235959Z", "\u0017\u000d200101000000Z",
        "\u0082\u0001a", "\n\n\n", "\u001b[2J", "\"\\\u0001", "CN=", "\u00f0\u009f\u0094\u0091",
    ];

    public override void Try(byte[] input)
    {
        if (CaseOf(input) is not { } chain)
        {
            return;
        }
        var (reason, others, path) = ChainReasons.Of(chain);
        var again = ChainReasons.Of(chain with { Budget = new AnalysisBudget() });
        again.Reason.Id.ShouldBe(reason.Id);
        again.Others.Select(other => other.Id).ShouldBe(others.Select(other => other.Id));
        path.Certificates.Count.ShouldBeInRange(1, AnalysisBudget.MaximumLength);
        IsWithin(chain.Budget);

        var refusal = new Refusal { Reason = reason, Others = others, Time = Now, Errors = chain.Errors, Presented = [.. chain.Presented.Select(one => one.Der)], Leaf = chain.Leaf, Incident = "00112233445566ff" };
        foreach (var one in others.Prepend(reason))
        {
            Id().IsMatch(one.Id).ShouldBeTrue(one.Id);
            one.Advice.ShouldNotBeEmpty();
            var entry = RefusalEntry.Of(refusal with { Reason = one });
            RefusalJson.Line(entry).Length.ShouldBeLessThanOrEqualTo(RefusalJson.LongestLine);
            RefusalJson.Whole(entry, refusal.Presented).Length.ShouldBeLessThanOrEqualTo(RefusalJson.LongestLine + RefusalJson.LongestWhole);
            var line = RefusalLine.Of(refusal with { Reason = one });
            line.Length.ShouldBeLessThan(LongestLine);
            line.ShouldAllBe(symbol => !char.IsControl(symbol));
        }
    }

    private static void IsWithin(AnalysisBudget budget)
    {
        budget.Steps.ShouldBeLessThanOrEqualTo(AnalysisBudget.MaximumSteps);
        budget.Bytes.ShouldBeLessThanOrEqualTo(AnalysisBudget.MaximumBytes);
    }

    private static ChainCase? CaseOf(byte[] input)
    {
        if (input.Length < 2 || input.Length < 2 + (input[1] * 2))
        {
            return null;
        }
        List<CertificateFacts> certificates = [];
        List<CrlFacts> crls = [];
        var start = 2 + (input[1] * 2);
        foreach (var der in Values(input.AsMemory(start)))
        {
            if (CertificateReader.Read(der) is { } certificate)
            {
                certificates.Add(certificate);
            }
            else if (CrlReader.Read(der, "list.pem") is { } crl)
            {
                crls.Add(crl);
            }
        }
        if (certificates.Count == 0 || input[1] == 0)
        {
            return null;
        }
        var trusted = certificates.TakeLast(Math.Min(input[0] & 0x0f, certificates.Count - 1)).Select(one => new TrustedCertificate(one, "bundle.pem", true)).ToList();
        var trust = new TrustFacts { Server = "gate", Certificates = trusted, Crls = crls, Depth = 1, Crl = "list.pem", Bundle = "bundle.pem" };
        return new ChainCase
        {
            Presented = certificates,
            Trust = trust,
            OtherServers = [trust with { Server = "other", Certificates = [.. certificates.Select(one => new TrustedCertificate(one, "bundle.pem", true))] }],
            Errors = [.. Enumerable.Range(0, input[1]).Select(i => new VerifyError(input[2 + (i * 2)], input[3 + (i * 2)], ""))],
            Now = Now,
            IsSigned = Signatures(input[0] >> 4),
        };
    }

    private static List<ReadOnlyMemory<byte>> Values(ReadOnlyMemory<byte> rest)
    {
        List<ReadOnlyMemory<byte>> values = [];
        var reader = new AsnReader(rest, AsnEncodingRules.BER);
        try
        {
            while (reader.HasData && values.Count < 64)
            {
                values.Add(reader.ReadEncodedValue());
            }
        }
        catch (AsnContentException)
        {
            // What comes behind cannot be told apart any more.
            return values;
        }
        return values;
    }

    // All of them true, none, some, or those that the key identifiers promise.
    private static Func<CertificateFacts, CertificateFacts, bool> Signatures(int kind) => (kind % 4) switch
    {
        0 => (_, _) => true,
        1 => (_, _) => false,
        2 => (subject, issuer) => (subject.Sha256[0] ^ issuer.Sha256[1]) % 2 == 0,
        _ => (subject, issuer) => subject.AuthorityKeyId == issuer.SubjectKeyId,
    };

    [GeneratedRegex("^[a-z]+(-[a-z]+)?/[a-z0-9-]+$")]
    private static partial Regex Id();
}
