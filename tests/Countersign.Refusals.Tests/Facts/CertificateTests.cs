using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using static Countersign.Refusals.Tests.Facts.RawCertificate;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>Serial numbers, dates and fingerprints are what openssl says they are, whatever stands in the DER.</summary>
public sealed class CertificateTests
{
    [Theory]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("7f")]
    [InlineData("0080")]
    [InlineData("00ffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0a1b2c3d")]
    [InlineData("ff")]
    [InlineData("80")]
    [InlineData("8000")]
    [InlineData("ff7f")]
    [InlineData("a1b2c3d4e5f60718293a4b5c6d7e8f9001020304050607080910111213141516171819")]
    public async Task A_serial_number_is_read_with_its_sign(string hexadecimal)
    {
        var der = new RawCertificate { Serial = Convert.FromHexString(hexadecimal) }.Encode();
        CertificateReader.Read(der)!.Serial.ShouldBe(await OpenSslView.Value(der, "-serial"));
    }

    [Fact]
    public void A_serial_number_of_half_a_megabyte_is_one()
    {
        var serial = new byte[500_000];
        serial[0] = 0x5a;
        CertificateReader.Read(new RawCertificate { Serial = serial }.Encode())!.Serial.Length.ShouldBe(1_000_000);
    }

    [Theory]
    [InlineData(UniversalTagNumber.UtcTime, "490101000000Z")]
    [InlineData(UniversalTagNumber.UtcTime, "500101000000Z")]
    [InlineData(UniversalTagNumber.UtcTime, "991231235959Z")]
    [InlineData(UniversalTagNumber.UtcTime, "000229120000Z")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "20491231235959Z")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "20500101000000Z")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "99991231235959Z")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "19500101000000Z")]
    public async Task A_date_is_the_moment_that_openssl_takes_it_for(UniversalTagNumber type, string text)
    {
        var der = new RawCertificate { NotBefore = Time(type, text), NotAfter = Time(type, text) }.Encode();
        var facts = CertificateReader.Read(der)!;
        var expected = DateTimeOffset.ParseExact(
            await OpenSslView.Value(der, "-enddate"), "MMM d HH:mm:ss yyyy 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal);
        (facts.NotBefore, facts.NotAfter).ShouldBe((expected, expected));
    }

    [Theory]
    [InlineData(UniversalTagNumber.UtcTime, "20010100000Z")]
    [InlineData(UniversalTagNumber.UtcTime, "")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "20201301000000Z")]
    [InlineData(UniversalTagNumber.GeneralizedTime, "99999999999999Z")]
    [InlineData(UniversalTagNumber.Null, "")]
    public void A_certificate_whose_dates_are_none_is_read_all_the_same(UniversalTagNumber type, string text)
    {
        var facts = CertificateReader.Read(new RawCertificate { NotBefore = Time(type, text), NotAfter = Time(type, text) }.Encode())!;
        (facts.NotBefore, facts.NotAfter).ShouldBe((DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        facts.Subject.Text.ShouldBe("CN=subject");
    }

    [Fact]
    public async Task Fingerprints_are_of_the_certificate_and_of_its_key()
    {
        var der = new RawCertificate().Encode();
        var facts = CertificateReader.Read(der)!;
        facts.Sha256.ShouldBe((await OpenSslView.Value(der, "-fingerprint", "-sha256")).Replace(":", "").ToLowerInvariant());
        var key = string.Join('\n', await OpenSslView.Of(der, "-pubkey"));
        var information = Convert.FromBase64String(string.Concat(key.Split('\n').Where(line => !line.StartsWith('-'))));
        facts.PublicKeySha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(information)));
    }

    [Fact]
    public void A_version_without_a_number_is_1()
    {
        using var root = Identity.SelfSigned("CN=root");
        using var old = root.IssueVersion1("CN=old");
        var facts = CertificateReader.Read(old.Certificate.RawData)!;
        (facts.Version, facts.IsAuthority, facts.BasicConstraints).ShouldBe((1, false, null));
        facts.Serial.ShouldBe(new BigInteger(4711).ToString("X", CultureInfo.InvariantCulture).PadLeft(4, '0'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3000")]
    [InlineData("30800000")]
    [InlineData("3084ffffffff")]
    [InlineData("300a300830060201013000")]
    [InlineData("0500")]
    public void What_is_no_certificate_is_none(string hexadecimal) => CertificateReader.Read(Convert.FromHexString(hexadecimal)).ShouldBeNull();
}
