using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Refusals.Tests.Bundle;

/// <summary>A report about files that are written out in a test.</summary>
internal static class Bundled
{
    public static BundleReport Report(params string[] texts) => ReportAt(DateTimeOffset.UtcNow, texts);

    public static BundleReport ReportAt(DateTimeOffset now, params string[] texts) => BundleReport.Of(BundleCase.Of(
        texts.Select((text, index) => BundleFile.Read($"{(char)('a' + index)}.pem", Encoding.Latin1.GetBytes(text))), now, IsSigned));

    public static T The<T>(this BundleReport report) where T : BundleFinding => report.Findings.OfType<T>().ShouldHaveSingleItem();

    public static string[] Ids(this BundleReport report) => [.. report.Findings.Select(finding => finding.Id)];

    public static Identity Authority(string subject, Func<CertificateShape, CertificateShape>? with = null) =>
        Identity.SelfSigned(subject, (with ?? (shape => shape))(CertificateShape.Authority));

    private static bool IsSigned(CertificateFacts subject, CertificateFacts issuer)
    {
        using var one = X509CertificateLoader.LoadCertificate(subject.Der.Span);
        using var other = X509CertificateLoader.LoadCertificate(issuer.Der.Span);
        return Signature.IsBy(one, other);
    }
}
