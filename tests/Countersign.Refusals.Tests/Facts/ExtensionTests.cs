using System.Formats.Asn1;
using static Countersign.Refusals.Tests.Facts.RawCertificate;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>Extensions as openssl encodes them from its own configuration, and as nobody should.</summary>
public sealed class ExtensionTests
{
    private static readonly UniversalTagNumber Utf8 = UniversalTagNumber.UTF8String;

    [Fact]
    public async Task Every_extension_that_a_reason_speaks_of_is_read()
    {
        var facts = await Made(
            "basicConstraints=critical,CA:TRUE,pathlen:3",
            "keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement,keyCertSign,cRLSign,encipherOnly,decipherOnly",
            "extendedKeyUsage=clientAuth,serverAuth,1.2.3.4",
            "subjectKeyIdentifier=0102030405",
            "subjectAltName=DNS:a.example,DNS:*.b.example,email:me@example.com,URI:https://example.com/x?y,IP:192.0.2.1,IP:2001:db8::1,otherName:1.2.3.4;UTF8:x,RID:1.2.3,dirName:dir",
            "authorityInfoAccess=caIssuers;URI:http://example.com/ca.cer,OCSP;URI:http://ocsp.example.com",
            "crlDistributionPoints=URI:http://example.com/a.crl,URI:ldap://example.com/b",
            "certificatePolicies=1.2.3.4,2.5.29.32.0",
            "1.2.3.4.5=critical,DER:0500");
        facts.BasicConstraints.ShouldBe(new BasicConstraintsFacts(true, 3));
        facts.KeyUsage.ShouldBe(
        [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
        ]);
        facts.ExtendedKeyUsage.ShouldBe(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.2.3.4"]);
        facts.SubjectKeyId.ShouldBe("0102030405");
        facts.AlternativeNames.Dns.ShouldBe(["a.example", "*.b.example"]);
        facts.AlternativeNames.Email.ShouldBe(["me@example.com"]);
        facts.AlternativeNames.Uri.ShouldBe(["https://example.com/x?y"]);
        facts.AlternativeNames.Ip.ShouldBe(["192.0.2.1", "2001:db8::1"]);
        facts.AlternativeNames.Directory.Select(name => name.Text).ShouldBe(["CN=within,C=DE"]);
        facts.AlternativeNames.Others.ShouldBe(2);
        facts.IssuerUrls.ShouldBe(["http://example.com/ca.cer"]);
        facts.OcspUrls.ShouldBe(["http://ocsp.example.com"]);
        facts.CrlUrls.ShouldBe(["http://example.com/a.crl", "ldap://example.com/b"]);
        facts.Policies.ShouldBe(["1.2.3.4", "2.5.29.32.0"]);
        facts.Critical.Order().ShouldBe(["1.2.3.4.5", "2.5.29.15", "2.5.29.19"]);
        facts.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task Constraints_are_read_with_their_kinds_and_masks()
    {
        var facts = await Made(
            "nameConstraints=permitted;DNS:example.com,permitted;email:.example.com,permitted;IP:192.0.2.0/255.255.255.0,permitted;IP:10.0.0.0/255.0.255.0,permitted;dirName:dir,excluded;URI:example.org,excluded;IP:2001:db8::/ffff:ffff::");
        facts.NameConstraints!.Permitted.ShouldBe(["DNS:example.com", "email:.example.com", "IP:192.0.2.0/24", "IP:10.0.0.0/255.0.255.0", "DirName:CN=within,C=DE"]);
        facts.NameConstraints.Excluded.ShouldBe(["URI:example.org", "IP:2001:db8::/32"]);
    }

    [Theory]
    [InlineData("basicConstraints=CA:FALSE", false, null)]
    [InlineData("basicConstraints=CA:TRUE", true, null)]
    [InlineData("basicConstraints=DER:30060101ff020100", true, 0)]
    [InlineData("basicConstraints=DER:300d0101ff02087fffffffffffffff", true, int.MaxValue)]
    [InlineData("basicConstraints=DER:3000", false, null)]
    public async Task Basic_constraints_say_what_they_say(string extension, bool isAuthority, int? pathLength) =>
        (await Made(extension)).BasicConstraints.ShouldBe(new BasicConstraintsFacts(isAuthority, pathLength));

    [Theory]
    [InlineData("2.5.29.19", "020101")]
    [InlineData("2.5.29.15", "0500")]
    [InlineData("2.5.29.37", "30020500")]
    [InlineData("2.5.29.17", "3003820500")]
    [InlineData("2.5.29.17", "30050c03616263")]
    [InlineData("2.5.29.35", "ff")]
    [InlineData("2.5.29.30", "30")]
    [InlineData("1.3.6.1.5.5.7.1.1", "300430020500")]
    public void An_extension_that_is_none_of_its_kind_is_named_and_the_rest_is_read(string type, string hexadecimal)
    {
        var der = new RawCertificate
        {
            Extensions = [(type, false, Convert.FromHexString(hexadecimal)), ("2.5.29.14", false, Convert.FromHexString("04020a0b"))],
        }.Encode();
        var facts = CertificateReader.Read(der)!;
        facts.Unreadable.ShouldBe([type]);
        facts.SubjectKeyId.ShouldBe("0A0B");
    }

    [Fact]
    public void A_mailbox_with_a_control_character_is_kept_as_it_is()
    {
        var names = Tagged(0x30, Tagged(0x81, "a\0b@example.com"u8.ToArray()));
        CertificateReader.Read(new RawCertificate { Extensions = [("2.5.29.17", false, names)] }.Encode())!.AlternativeNames.Email.ShouldBe(["a\0b@example.com"]);
    }

    [Fact]
    public void An_attribute_of_the_subject_is_no_extension()
    {
        var facts = CertificateReader.Read(new RawCertificate { Subject = Name(Attribute("2.5.29.17", Text(Utf8, "DNS:a.example"))) }.Encode())!;
        facts.AlternativeNames.ShouldBe(AlternativeNameFacts.None);
    }

    private static async Task<CertificateFacts> Made(params string[] extensions)
    {
        using var folder = new TemporaryFolder();
        var settings = folder.Write("x.cnf", $"""
            [req]
            distinguished_name=none
            x509_extensions=extensions
            prompt=no
            [none]
            CN=x
            [dir]
            C=DE
            CN=within
            [extensions]
            {string.Join('\n', extensions)}
            """);
        var result = await OpenSsl.Run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder.File("x.key"), "-config", settings, "-outform", "der", "-out", folder.File("x.der"));
        result.ExitCode.ShouldBe(0, result.Error);
        return CertificateReader.Read(File.ReadAllBytes(folder.File("x.der")))!;
    }
}
