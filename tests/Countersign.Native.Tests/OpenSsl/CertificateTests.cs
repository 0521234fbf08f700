using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Native.Tests.OpenSsl;

public sealed class CertificateTests : IDisposable
{
    private readonly TlsPki _pki = new();

    public static TheoryData<string> Names => new()
    {
        "CN=Plain",
        "CN=\"Comma, Inc\", O=\"A+B=C\"",
        "CN=Żółć, O=株式会社",
        "CN=\" leading and trailing \"",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_and_numbers_are_what_openssl_prints(string subject)
    {
        var openssl = Prerequisite.Require("openssl");
        using var identity = _pki.Root.Issue(subject, CertificateShape.Client with { Serial = "00abcdef0123456789" });
        using var certificate = Certificate.FromDer(identity.Certificate.RawData).ShouldNotBeNull();
        var file = _pki.Write("one.pem", identity.Pem);
        string Ask(params string[] what)
        {
            var answer = Run(openssl, ["x509", "-in", file, "-noout", .. what]).TrimEnd('\n');
            return answer[(answer.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        Text(certificate.SubjectDn).ShouldBe(Ask("-subject", "-nameopt", "RFC2253"));
        Text(certificate.IssuerDn).ShouldBe(Ask("-issuer", "-nameopt", "RFC2253"));
        Text(certificate.SubjectDnLegacy).ShouldBe(Ask("-subject", "-nameopt", "compat"));
        Text(certificate.Serial).ShouldBe(Ask("-serial"));
        Text(certificate.ValidStart).ShouldBe(Ask("-startdate"));
        Text(certificate.ValidEnd).ShouldBe(Ask("-enddate"));
        Text(certificate.Fingerprint).ShouldBe(Ask("-fingerprint", "-sha1").Replace(":", "", StringComparison.Ordinal).ToLowerInvariant());
        Text(certificate.Pem).ShouldBe(Run(openssl, ["x509", "-in", file]));
    }

    [Fact]
    public void A_certificate_in_a_header_has_tabs_and_no_final_line_feed()
    {
        using var certificate = Certificate.FromDer(_pki.Client.Certificate.RawData)!;
        Text(certificate.PemWithTabs).ShouldBe(Text(certificate.Pem)[..^1].Replace("\n", "\n\t", StringComparison.Ordinal));
        Text(certificate.EscapedPem).ShouldBe(Uri.EscapeDataString(Text(certificate.Pem)));
    }

    [Fact]
    public void Times_digests_and_extensions_are_those_of_the_certificate()
    {
        using var identity = _pki.Root.Issue("CN=Full", CertificateShape.Client with
        {
            DnsNames = ["a.example", "*.b.example"],
            IpAddresses = ["192.0.2.1", "2001:db8::1"],
        });
        var expected = identity.Certificate;
        using var certificate = Certificate.FromDer(expected.RawData)!;

        certificate.NotBefore.ShouldBe(new DateTimeOffset(expected.NotBefore.ToUniversalTime()));
        certificate.NotAfter.ShouldBe(new DateTimeOffset(expected.NotAfter.ToUniversalTime()));
        certificate.Sha256.ShouldBe(expected.GetCertHash(HashAlgorithmName.SHA256));
        certificate.PublicKeySha256.ShouldBe(SHA256.HashData(expected.PublicKey.ExportSubjectPublicKeyInfo()));
        certificate.SubjectKeyId.ShouldBe(expected.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray());
        certificate.AuthorityKeyId.ShouldBe(
            _pki.Root.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray());
        certificate.AlternativeNames.Dns.ShouldBe(["a.example", "*.b.example"]);
        certificate.AlternativeNames.Addresses.Select(each => each.ToString()).ShouldBe(["192.0.2.1", "2001:db8::1"]);
        certificate.Use.AllowsTlsClient.ShouldBeTrue();
        certificate.Use.AllowsTlsServer.ShouldBeFalse();
        certificate.Use.IsAuthority.ShouldBeFalse();
        certificate.MatchesHost("a.example").ShouldBeTrue();
        certificate.MatchesHost("x.b.example").ShouldBeTrue();
        certificate.MatchesHost("b.example").ShouldBeFalse();
        certificate.MatchesHost("").ShouldBeFalse();
    }

    [Theory]
    [InlineData(86_399, "0")]
    [InlineData(86_400, "1")]
    [InlineData(864_000, "10")]
    [InlineData(-1, "0")]
    public void The_remaining_days_are_whole_days(int secondsBeforeEnd, string expected)
    {
        using var certificate = Certificate.FromDer(_pki.Client.Certificate.RawData)!;
        Text(certificate.ValidRemain(certificate.NotAfter.AddSeconds(-secondsBeforeEnd))).ShouldBe(expected);
    }

    [Fact]
    public void A_bundle_gives_every_block_whatever_stands_between_them()
    {
        using var other = Identity.SelfSigned("CN=Other");
        var trusted = Run(Prerequisite.Require("openssl"), ["x509", "-in", _pki.RootFile, "-trustout"]);
        trusted.ShouldContain("TRUSTED CERTIFICATE");
        var bundle = _pki.Write("bundle.pem", $"# a comment\r\n{other.Pem.Replace("\n", "\r\n", StringComparison.Ordinal)}\r\nnoise\n{trusted}\n{_pki.Client.Pem}");
        var all = Certificate.ReadBundle(bundle);

        all.Select(each => Text(each.SubjectDn)).ShouldBe(["CN=Other", "CN=Root", "CN=Client,O=Example"]);
        foreach (var each in all)
        {
            each.Dispose();
        }
    }

    [Fact]
    public void Bytes_that_are_no_certificate_give_none() => Certificate.FromDer([1, 2, 3]).ShouldBeNull();

    public void Dispose() => _pki.Dispose();

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return text;
    }
}
