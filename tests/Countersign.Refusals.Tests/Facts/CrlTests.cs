using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static Countersign.Refusals.Tests.Facts.RawCertificate;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>Revocation lists against what .NET wrote into them and what openssl reads.</summary>
public sealed class CrlTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly Identity _root = Identity.SelfSigned("CN=Root, O=Example");

    [Fact]
    public async Task A_list_is_read_as_openssl_reads_it()
    {
        var der = Built(builder => builder.AddEntry([0x0a, 0x0b], Now.AddDays(-2), X509RevocationReason.KeyCompromise), 4711);
        var facts = CrlReader.Read(der, "list.pem")!;
        var text = await CommandLine.Run("openssl", ["crl", "-inform", "der", "-noout", "-issuer", "-nameopt", "RFC2253", "-lastupdate", "-nextupdate", "-crlnumber"], der);
        var said = text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);
        facts.Issuer.Text.ShouldBe(said["issuer"]);
        Moment(facts.ThisUpdate).ShouldBe(said["lastUpdate"]);
        Moment(facts.NextUpdate!.Value).ShouldBe(said["nextUpdate"]);
        long.Parse(facts.Number, CultureInfo.InvariantCulture).ShouldBe(Convert.ToInt64(said["crlNumber"], 16));
        facts.ShouldSatisfyAllConditions(
            () => facts.Count.ShouldBe(1), () => facts.File.ShouldBe("list.pem"), () => facts.IsDelta.ShouldBeFalse(), () => facts.IsWhole.ShouldBeTrue(),
            () => facts.Covers(CertificateReader.Read(_root.Certificate.RawData)!).ShouldBeTrue());
    }

    [Theory]
    [InlineData("01", X509RevocationReason.AffiliationChanged, "affiliationChanged")]
    [InlineData("00ff", X509RevocationReason.KeyCompromise, "keyCompromise")]
    [InlineData("7f00", X509RevocationReason.CACompromise, "cACompromise")]
    [InlineData("0b", X509RevocationReason.Superseded, "superseded")]
    [InlineData("0c", X509RevocationReason.CertificateHold, "certificateHold")]
    public void An_entry_is_found_by_the_serial_number_as_certificates_have_it(string serial, X509RevocationReason reason, string name)
    {
        var octets = Convert.FromHexString(serial);
        var facts = CrlReader.Read(Built(builder =>
        {
            builder.AddEntry([0x33], Now);
            builder.AddEntry(octets, Now.AddDays(-3), reason);
            builder.AddEntry([0x44], Now);
        }))!;
        var certificate = CertificateReader.Read(new RawCertificate { Serial = octets }.Encode())!;
        facts.Find(certificate.Serial).ShouldBe(new RevokedEntry(Now.AddDays(-3), name));
        facts.Find("55").ShouldBeNull();
        facts.Find("-01").ShouldBeNull();
    }

    [Fact]
    public void A_negative_serial_number_is_found_as_such()
    {
        var entry = Tagged(0x30, [2, 1, 0xff, .. Time(UniversalTagNumber.UtcTime, "260101000000Z")]);
        var facts = CrlReader.Read(Listed(entry))!;
        facts.Find("-01").ShouldBe(new RevokedEntry(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), ""));
        facts.Find("FF").ShouldBeNull();
    }

    [Fact]
    public void Of_a_quarter_of_a_million_entries_each_is_found()
    {
        var entries = new MemoryStream();
        for (var i = 0; i < 250_000; i++)
        {
            entries.Write([0x30, 20, 2, 3, (byte)(0x10 + (i >> 16)), (byte)(i >> 8), (byte)i, 0x17, 13, .. "260101000000Z"u8]);
        }
        var facts = CrlReader.Read(Listed(entries.ToArray()))!;
        facts.Count.ShouldBe(250_000);
        facts.Find("100000").ShouldNotBeNull();
        facts.Find("13D08F").ShouldNotBeNull();
        facts.Find("13D090").ShouldBeNull();
    }

    [Theory]
    [InlineData("a000", "distributionPoint")]
    [InlineData("8101ff", "onlyContainsUserCerts")]
    [InlineData("8201ff", "onlyContainsCACerts")]
    [InlineData("83020560", "onlySomeReasons")]
    [InlineData("8401ff", "indirectCRL")]
    [InlineData("8501ff", "onlyContainsAttributeCerts")]
    public void What_a_list_is_for_is_read(string point, string scope)
    {
        var facts = CrlReader.Read(Built(extension: new X509Extension("2.5.29.28", Tagged(0x30, Convert.FromHexString(point)), critical: true)))!;
        facts.Scope.ShouldBe([scope]);
        facts.IsWhole.ShouldBeFalse();
        facts.Critical.ShouldBe(["2.5.29.28"]);
    }

    [Fact]
    public void A_list_of_changes_is_told_from_a_whole_one()
    {
        var facts = CrlReader.Read(Built(extension: new X509Extension("2.5.29.27", [2, 1, 1], critical: true)))!;
        (facts.IsDelta, facts.IsWhole).ShouldBe((true, false));
    }

    [Fact]
    public void A_number_that_is_too_long_to_be_one_is_left_out() =>
        CrlReader.Read(Built(extension: new X509Extension("2.5.29.20", Tagged(2, [.. Enumerable.Repeat((byte)0x11, 100_000)]), critical: false)))!.Number.ShouldBe("");

    [Fact]
    public void No_prefix_of_a_list_is_one_and_none_throws()
    {
        var der = Built(builder => builder.AddEntry([1], Now));
        for (var length = 0; length < der.Length; length++)
        {
            CrlReader.Read(der.AsMemory(0, length)).ShouldBeNull();
        }
    }

    public void Dispose() => _root.Dispose();

    // With an extension in place of the number: the builder has no way to add one.
    private byte[] Built(Action<CertificateRevocationListBuilder>? entries = null, int number = 1, X509Extension? extension = null)
    {
        var builder = new CertificateRevocationListBuilder();
        entries?.Invoke(builder);
        var der = builder.Build(
            _root.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa((ECDsa)_root.Key), number, Now.AddDays(30), HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root.Certificate, true, false), Now.AddDays(-1));
        return extension is null ? der : Listed([], extension);
    }

    /// <summary>A list with these entries, encoded, and nothing that is signed.</summary>
    private byte[] Listed(byte[] entries, X509Extension? extension = null)
    {
        byte[] algorithm = [0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
        byte[] extensions = extension is null ? [] : Tagged(0xa0, Tagged(0x30, Tagged(0x30,
        [
            .. Identifier(extension.Oid!.Value!), .. extension.Critical ? (byte[])[1, 1, 0xff] : [], .. Tagged(4, extension.RawData),
        ])));
        byte[] body = Tagged(0x30,
        [
            2, 1, 1, .. algorithm, .. _root.Certificate.SubjectName.RawData, .. Time(UniversalTagNumber.UtcTime, "260101000000Z"),
            .. Time(UniversalTagNumber.UtcTime, "270101000000Z"), .. entries.Length == 0 ? [] : Tagged(0x30, entries), .. extensions,
        ]);
        return Tagged(0x30, [.. body, .. algorithm, 3, 2, 0, 0]);
    }

    private static byte[] Identifier(string identifier)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(identifier);
        return writer.Encode();
    }

    private static string Moment(DateTimeOffset moment) =>
        $"{moment.UtcDateTime.ToString("MMM", CultureInfo.InvariantCulture)} {moment.Day,2} {moment.UtcDateTime.ToString("HH:mm:ss yyyy", CultureInfo.InvariantCulture)} GMT";
}
