using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Proxy.Tests.Watch;

public sealed class SeenIntermediatesTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void What_led_to_a_trusted_root_and_was_sent_is_kept_once()
    {
        var seen = new SeenIntermediates();
        var path = Path("CN=Issuing", PathEnd.Anchor);
        seen.Learn(path);
        seen.Learn(path);
        seen.All.Select(one => one.Subject.ToString()).ShouldBe(["CN=Issuing"], "neither the client nor the root");
    }

    [Theory]
    [InlineData(PathEnd.SelfSigned)]
    [InlineData(PathEnd.IssuerAbsent)]
    [InlineData(PathEnd.Loop)]
    public void What_led_nowhere_is_not(PathEnd end)
    {
        var seen = new SeenIntermediates();
        seen.Learn(Path("CN=Issuing", end));
        seen.All.ShouldBeEmpty();
    }

    [Fact]
    public void The_oldest_goes_when_there_are_too_many()
    {
        var seen = new SeenIntermediates();
        for (var i = 0; i <= SeenIntermediates.Most; i++)
        {
            seen.Learn(Path($"CN=Issuing {i}", PathEnd.Anchor));
        }
        seen.All.Count.ShouldBe(SeenIntermediates.Most);
        seen.All[0].Subject.ToString().ShouldBe("CN=Issuing 1");
    }

    private CertificatePath Path(string issuing, PathEnd end) =>
        new([Facts("CN=client"), Facts(issuing), Facts("CN=Root")], [false, false, end == PathEnd.Anchor], end);

    private CertificateFacts Facts(string subject)
    {
        var now = DateTimeOffset.UtcNow;
        var request = new CertificateRequest(subject, _key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            new X500DistinguishedName("CN=Root"), X509SignatureGenerator.CreateForECDsa(_key), now.AddDays(-1), now.AddDays(1), [1]);
        return CertificateReader.Read(certificate.RawData)!;
    }
}
