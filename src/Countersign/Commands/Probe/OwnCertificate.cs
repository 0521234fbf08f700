using System.Globalization;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>Something that speaks against the client's certificate, seen without asking the server.</summary>
/// <param name="Id">Of the reason in the catalogue.</param>
internal sealed record ProbeFinding(string Id, Confidence Confidence, string Message, string Next);

/// <summary>What a client can check of its certificate by itself, before and after it has seen what the server asks for.</summary>
internal static class OwnCertificate
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const int WeakRsa = 2048;
    private const int WeakCurve = 224;

    /// <summary>The first is what would still refuse if the others were mended.</summary>
    public static IEnumerable<ProbeFinding> Check(ProbeCertificate certificate, Withholding? asked, DateTimeOffset now) =>
        [.. Key(certificate), .. Leaf(certificate, now), .. Chain(certificate, now), .. asked is null ? [] : Issuers(certificate, asked)];

    private static IEnumerable<ProbeFinding> Key(ProbeCertificate certificate)
    {
        if (certificate.IsOtherKey)
        {
            yield return new(KeyUnavailable.Name, Confidence.Proved,
                $"the key in {certificate.KeyFile} is not the key of \"{certificate.Leaf.Subject}\": no client can use the two",
                $"openssl x509 -in {certificate.File} -noout -pubkey; openssl pkey -in {certificate.KeyFile} -pubout");
        }
    }

    private static IEnumerable<ProbeFinding> Leaf(ProbeCertificate certificate, DateTimeOffset now)
    {
        var leaf = certificate.Leaf;
        var show = $"openssl x509 -in {certificate.File} -noout -dates -ext keyUsage,extendedKeyUsage";
        if (now > leaf.NotAfter)
        {
            yield return new(CertificateExpired.Name, Confidence.Proved, $"it expired {Span.Of(now - leaf.NotAfter)} ago ({Evidence.Text(leaf.NotAfter)})", show);
        }
        if (now < leaf.NotBefore)
        {
            yield return new(CertificateNotYetValid.Name, Confidence.Proved, $"it is not valid before {Evidence.Text(leaf.NotBefore)}, in {Span.Of(leaf.NotBefore - now)}", "date -u");
        }
        if (leaf.ExtendedKeyUsage is { } purposes && !purposes.Contains(ClientAuthentication))
        {
            yield return new(CertificatePurpose.Name, Confidence.Proved, $"it may be used for {ObjectNames.Of(purposes)}, and a client's needs clientAuth", show);
        }
        if (leaf.KeyUsage is { } usages && !usages.Contains("digitalSignature") && !usages.Contains("keyAgreement"))
        {
            yield return new(CertificateKeyUsage.Name, Confidence.Proved, $"its key usage is {string.Join(", ", usages)}, and a client's needs digitalSignature", show);
        }
        if (leaf.KeyBits > 0 && leaf.KeyBits < (leaf.KeyAlgorithm == EllipticCurve ? WeakCurve : WeakRsa))
        {
            yield return new(KeyTooWeak.Name, Confidence.Likely, $"its key is {ObjectNames.Key(leaf)}: servers with OpenSSL at security level 2 (Debian, Ubuntu) refuse it",
                "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client");
        }
        if (leaf.Critical.FirstOrDefault(extension => !ObjectNames.IsHandled(extension)) is { } critical)
        {
            yield return new(CriticalExtension.Name, Confidence.Likely,
                $"it has the critical extension {ObjectNames.Of(critical)}, which OpenSSL does not know", $"openssl x509 -in {certificate.File} -noout -text");
        }
        if (leaf.IsSelfIssued)
        {
            yield return new(SelfSigned.Name, Confidence.Likely,
                "it is self-signed: a server takes it only if it trusts this very certificate", $"openssl x509 -in {certificate.File} -noout -subject -issuer");
        }
    }

    private static IEnumerable<ProbeFinding> Chain(ProbeCertificate certificate, DateTimeOffset now)
    {
        var chain = certificate.Chain;
        foreach (var one in chain.Where(one => !one.IsSelfIssued && IsWeakDigest(one.SignatureAlgorithm)))
        {
            yield return new(DigestTooWeak.Name, Confidence.Likely, $"\"{one.Subject}\" is signed with {ObjectNames.Of([one.SignatureAlgorithm])}: OpenSSL refuses it since 3.0",
                $"openssl x509 -in {certificate.File} -noout -text");
        }
        for (var depth = 1; depth < chain.Count; depth++)
        {
            var (subject, issuer) = (chain[depth - 1], chain[depth]);
            if (subject.Issuer.IsSame(issuer.Subject) && !certificate.IsSignedByNext[depth - 1])
            {
                yield return new(SameNameOtherKey.Name, Confidence.Likely, $"\"{issuer.Subject}\" in the chain has the name of the issuer of \"{subject.Subject}\" and another key",
                    $"openssl verify -partial_chain -trusted {certificate.File} {certificate.File}");
            }
            if (now > issuer.NotAfter)
            {
                yield return new(CaExpired.Name, Confidence.Likely, $"\"{issuer.Subject}\" in the chain expired {Span.Of(now - issuer.NotAfter)} ago ({Evidence.Text(issuer.NotAfter)})",
                    $"openssl x509 -in {certificate.File} -noout -issuer");
            }
        }
    }

    private static IEnumerable<ProbeFinding> Issuers(ProbeCertificate certificate, Withholding asked)
    {
        var leaf = certificate.Leaf;
        if (!asked.HasCommonAlgorithm)
        {
            yield return new(NoCommonSignatureAlgorithm.Name, Confidence.Proved,
                $"the server takes no signature that a key of {ObjectNames.Key(leaf)} makes, so no client sends it", "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out client.key");
        }
        if (asked.LinkedByNames)
        {
            if (!asked.LinkedByBytes)
            {
                yield return new(IssuerNameEncoding.Name, Confidence.Possible,
                    $"the server names \"{leaf.Issuer}\" in other bytes than the certificate does: clients that compare bytes do not send it", "countersign probe ... --json");
            }
            yield break;
        }
        var sent = certificate.Chain.Count == 1
            ? "the file has the leaf alone"
            : string.Create(CultureInfo.InvariantCulture, $"the file has {certificate.Chain.Count} certificates");
        if (asked.LinkedByStore)
        {
            yield return new(MissingIntermediate.Name, Confidence.Likely,
                $"the server names an authority above \"{leaf.Issuer}\", and {sent}: the intermediate between them is missing", $"cat {certificate.File} intermediate.pem > chain.pem");
        }
        else if (certificate.Chain[^1] is { IsSelfIssued: false } last && last.IssuerUrls.FirstOrDefault(IsPlain) is { } url)
        {
            yield return new(MissingIntermediate.Name, Confidence.Possible,
                $"\"{last.Issuer}\" is none of the authorities that the server names, and {sent}: an intermediate may be missing",
                $"curl -s {url} | openssl x509 -inform der >> {certificate.File}");
        }
        else if (!certificate.Chain[^1].IsSelfIssued)
        {
            yield return new(UnknownIssuer.Name, Confidence.Possible,
                $"\"{certificate.Chain[^1].Issuer}\" is none of the authorities that the server names, and {sent}: the server does not know it, or an intermediate is missing above it (chain/missing-intermediate)",
                $"openssl x509 -in {certificate.File} -noout -issuer -nameopt RFC2253");
        }
        else
        {
            yield return new(UnknownIssuer.Name, Confidence.Likely,
                $"\"{certificate.Chain[^1].Issuer}\" is none of the authorities that the server names", $"openssl x509 -in {certificate.File} -noout -issuer -nameopt RFC2253");
        }
    }

    /// <summary>It can be typed as it is.</summary>
    private static bool IsPlain(string url) => url.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is ':' or '/' or '.' or '-' or '_' or '%' or '~');

    private static bool IsWeakDigest(string algorithm) => algorithm is "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.2.840.10040.4.3";
}
