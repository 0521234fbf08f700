using System.Formats.Asn1;
using static Countersign.Refusals.Tests.Facts.RawCertificate;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>Names are written and compared as OpenSSL writes and compares them.</summary>
public sealed class NameTests
{
    private const string CommonName = "2.5.4.3";

    // OpenSSL reads no name with a VisibleString.
    private static readonly UniversalTagNumber[] StringTypes =
    [
        UniversalTagNumber.UTF8String, UniversalTagNumber.PrintableString, UniversalTagNumber.IA5String, UniversalTagNumber.NumericString,
        UniversalTagNumber.T61String, UniversalTagNumber.BMPString, UniversalTagNumber.UniversalString,
    ];

    private static readonly string[] Texts =
        ["device 7", "a, b+c=\"x\" <y>; \\z", " lead", "trail ", "  ", "#hash", "a#b", "", "Bj\u00f6rn", "line\nfeed\u0001\u007f", "a  b\tc", "1234", "x,CN=other", "\u20ac", "\ud83d\udd11"];

    public static TheoryData<UniversalTagNumber, string> Values()
    {
        var all = new TheoryData<UniversalTagNumber, string>();
        foreach (var type in StringTypes)
        {
            foreach (var text in Texts.Where(text => text.All(symbol => symbol < 256) || type is UniversalTagNumber.UTF8String or UniversalTagNumber.UniversalString
                || (type == UniversalTagNumber.BMPString && !char.IsSurrogate(text[0]))))
            {
                all.Add(type, text);
            }
        }
        return all;
    }

    [Theory, MemberData(nameof(Values))]
    public async Task A_value_of_any_string_type_is_written_as_openssl_writes_it(UniversalTagNumber type, string text)
    {
        var der = new RawCertificate { Subject = Name(Attribute(CommonName, Text(type, text)), Attribute("2.5.4.10", Text(UniversalTagNumber.UTF8String, "Example"))) }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
    }

    [Fact]
    public async Task A_set_of_several_attributes_is_written_backwards_too()
    {
        var der = new RawCertificate
        {
            Subject = NameOfSets(
                [Attribute("2.5.4.6", Text(UniversalTagNumber.PrintableString, "DE"))],
                [Attribute(CommonName, Text(UniversalTagNumber.UTF8String, "a")), Attribute("2.5.4.5", Text(UniversalTagNumber.PrintableString, "1"))],
                [Attribute("2.5.4.11", Text(UniversalTagNumber.UTF8String, "x+y"))]),
        }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.9.1")]
    [InlineData("1.2.840.113549.1.9.7")]
    [InlineData("0.9.2342.19200300.100.1.5")]
    public async Task A_type_has_the_name_that_OpenSSL_gives_it(string type)
    {
        var der = new RawCertificate { Subject = Name(Attribute(type, Text(UniversalTagNumber.IA5String, "x"))) }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
    }

    [Theory]
    [InlineData("1.2.3.4")]
    [InlineData("2.5.4.200")]
    [InlineData("1.3.6.1.4.1.99999.1")]
    public async Task A_type_without_a_name_is_followed_by_the_value_in_hexadecimal(string type)
    {
        var der = new RawCertificate { Subject = Name(Attribute(type, Text(UniversalTagNumber.UTF8String, "x")), Attribute(CommonName, Text(UniversalTagNumber.UTF8String, "y"))) }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
    }

    [Fact]
    public async Task A_value_that_is_no_text_is_written_in_hexadecimal()
    {
        var der = new RawCertificate { Subject = Name(Attribute("2.5.4.45", [3, 3, 0, 1, 2]), Attribute(CommonName, [0x30, 3, 2, 1, 7])) }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
    }

    [Fact]
    public async Task Every_type_that_openssl_names_is_named_so()
    {
        var types = Enumerable.Range(2, 80).Select(number => $"2.5.4.{number}").Concat(
        [
            "0.9.2342.19200300.100.1.1", "0.9.2342.19200300.100.1.3", "0.9.2342.19200300.100.1.25", "1.2.840.113549.1.9.1", "1.2.840.113549.1.9.2",
            "1.2.840.113549.1.9.8", "1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2", "1.3.6.1.4.1.311.60.2.1.3",
        ]).ToList();
        foreach (var half in types.Chunk(50))
        {
            await SubjectIsAsOpenSslHasIt(new RawCertificate { Subject = Name([.. half.Select(type => Attribute(type, Text(UniversalTagNumber.UTF8String, "v")))]) }.Encode());
        }
    }

    [Fact]
    public async Task An_empty_name_is_one()
    {
        var der = new RawCertificate { Subject = Name() }.Encode();
        await SubjectIsAsOpenSslHasIt(der);
        CertificateReader.Read(der)!.Subject.ToString().ShouldBe("(empty name)");
    }

    public static TheoryData<string, UniversalTagNumber, string, UniversalTagNumber> Pairs() => new()
    {
        { "Example", UniversalTagNumber.UTF8String, "EXAMPLE", UniversalTagNumber.PrintableString },
        { " a   b ", UniversalTagNumber.UTF8String, "A B", UniversalTagNumber.IA5String },
        { "a\tb", UniversalTagNumber.UTF8String, "a b", UniversalTagNumber.UTF8String },
        { "Bj\u00f6rn", UniversalTagNumber.UTF8String, "bj\u00f6rn", UniversalTagNumber.T61String },
        { "\u00d6", UniversalTagNumber.UTF8String, "\u00f6", UniversalTagNumber.UTF8String },
        { "a", UniversalTagNumber.BMPString, "A", UniversalTagNumber.UniversalString },
        { "12", UniversalTagNumber.NumericString, "12", UniversalTagNumber.PrintableString },
        { "12", UniversalTagNumber.NumericString, "12", UniversalTagNumber.NumericString },
        { "1 2", UniversalTagNumber.NumericString, "1  2", UniversalTagNumber.NumericString },
        { "ab", UniversalTagNumber.UTF8String, "a b", UniversalTagNumber.UTF8String },
        { "", UniversalTagNumber.UTF8String, " ", UniversalTagNumber.UTF8String },
    };

    [Theory, MemberData(nameof(Pairs))]
    public async Task Names_are_the_same_where_openssl_takes_them_for_the_same(string subject, UniversalTagNumber type, string issuer, UniversalTagNumber issuerType)
    {
        var der = new RawCertificate
        {
            Subject = Name(Attribute(CommonName, Text(type, subject))),
            Issuer = Name(Attribute(CommonName, Text(issuerType, issuer))),
        }.Encode();
        await IsSelfIssuedAsOpenSslHasIt(der);
    }

    [Fact]
    public async Task A_value_cannot_pass_for_two_attributes()
    {
        var utf8 = UniversalTagNumber.UTF8String;
        var der = new RawCertificate
        {
            Subject = NameOfSets([Attribute(CommonName, Text(utf8, "a")), Attribute("2.5.4.10", Text(utf8, "b"))]),
            Issuer = Name(Attribute(CommonName, Text(utf8, "a+2.5.4.10=b"))),
        }.Encode();
        await IsSelfIssuedAsOpenSslHasIt(der);
        var facts = CertificateReader.Read(der)!;
        facts.IsSelfIssued.ShouldBeFalse();
        facts.Issuer.Attributes.ShouldBe([new NameAttribute(CommonName, "a+2.5.4.10=b")]);
    }

    [Fact]
    public void Names_that_differ_only_behind_what_is_read_are_not_the_same()
    {
        byte[] Long(string last) => Name([.. Enumerable.Repeat("x", 300).Append(last).Select(text => Attribute("2.5.4.11", Text(UniversalTagNumber.UTF8String, text)))]);
        var facts = CertificateReader.Read(new RawCertificate { Subject = Long("a"), Issuer = Long("b") }.Encode())!;
        facts.IsSelfIssued.ShouldBeFalse();
        facts.Subject.Attributes.Count.ShouldBeLessThanOrEqualTo(64);
        facts.Subject.Text.ShouldEndWith(",...");
    }

    private static async Task SubjectIsAsOpenSslHasIt(byte[] der) =>
        CertificateReader.Read(der)!.Subject.Text.ShouldBe(await OpenSslView.Value(der, "-subject", "-nameopt", "RFC2253"));

    private static async Task IsSelfIssuedAsOpenSslHasIt(byte[] der)
    {
        // Hashes of what X509_NAME_cmp() compares.
        var hashes = await OpenSslView.Of(der, "-subject_hash", "-issuer_hash");
        CertificateReader.Read(der)!.IsSelfIssued.ShouldBe(hashes[0] == hashes[1]);
    }
}
