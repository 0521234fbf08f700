using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Fuzz.Targets;

/// <summary>A certificate of a stranger beside libcrypto: where both read it, both read the same; and nothing that is kept of it grows without an end.</summary>
public sealed class CertificateDer : FuzzTarget
{
    private const int MostNames = 1000;

    public override string Name => "CertificateDer";

    public override int Inputs => 6_000;

    public override IReadOnlyList<string> Dictionary { get; } =
    [
        "\u0030\u0080", "\0\0", "\u0030\u0082\u00ff\u00ff", "\u0030\u0084\u00ff\u00ff\u00ff\u00ff", "\u0006\u0003\u0055\u001d\u0011", "\u0006\u0003\u0055\u001d\u001e", "\u0006\u0003\u0055\u001d\u0013",
        "\u0001\u0001\u00ff", "\u0002\u0001\u00ff", "\u0005\0", "\u0017\u000d491231235959Z", "\u0018\u000f99991231235959Z", "\u001e\u0004\u00d8\u003d\u00dd\u0011", "\u001c\u0004\0\0\0a", "\u0014\u0002\u00f6 ",
        "\u0087\u0008\u00c0\u0000\u0002\u0000\u00ff\u0000\u00ff\u0000", "\u0082\u0001a", "\u00a4\u0002\u0030\0",
    ];

    public override void Try(byte[] input)
    {
        var facts = CertificateReader.Read(input);
        if (facts is null)
        {
            return;
        }
        IsBounded(facts);
        using var certificate = Certificate.FromDer(input);
        // libcrypto ignores what follows, and so do we; what it re-encodes is not what was sent.
        if (certificate is null || !certificate.Der.AsSpan().SequenceEqual(input))
        {
            return;
        }
        facts.Serial.ShouldBe(Text(certificate.Serial));
        facts.Sha256.ShouldBe(Convert.ToHexStringLower(certificate.Sha256));
        facts.PublicKeySha256.Length.ShouldBe(64);
        AreSame(facts.Subject.Text, Text(certificate.SubjectDn));
        AreSame(facts.Issuer.Text, Text(certificate.IssuerDn));
        facts.IsSelfIssued.ShouldBe(certificate.IsSelfIssued);
    }

    /// <summary>libcrypto has names for a thousand objects that no name is made of: a type that is a number here may have one there.</summary>
    private static void AreSame(string ours, string theirs)
    {
        if (ours != theirs && Nameless.Count(ours) > Nameless.Count(theirs))
        {
            return;
        }
        ours.ShouldBe(theirs);
    }

    private static readonly Regex Nameless = new(@"(?<=^|[,+])[0-9]+(\.[0-9]+)+=#");

    private static void IsBounded(CertificateFacts facts)
    {
        (facts.AlternativeNames.Dns.Count + facts.AlternativeNames.Uri.Count + facts.AlternativeNames.Email.Count + facts.AlternativeNames.Ip.Count
            + facts.AlternativeNames.Directory.Count).ShouldBeLessThanOrEqualTo(MostNames);
        (facts.ExtendedKeyUsage?.Count ?? 0).ShouldBeLessThanOrEqualTo(MostNames);
        facts.Policies.Count.ShouldBeLessThanOrEqualTo(MostNames);
        facts.Critical.Count.ShouldBeLessThanOrEqualTo(128);
        facts.Unreadable.Count.ShouldBeLessThanOrEqualTo(128);
        facts.Version.ToString(CultureInfo.InvariantCulture).Length.ShouldBeLessThan(12);
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
