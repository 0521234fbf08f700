using System.Text;

namespace Countersign.Refusals.Tests.Bundle;

public sealed class BundleFileTests
{
    private readonly Identity _root = Bundled.Authority("CN=Root");

    [Fact]
    public void Text_around_the_blocks_and_line_ends_of_windows_do_not_matter()
    {
        var file = Read($"Bag Attributes\r\n  friendlyName: root\r\n{_root.Pem.Replace("\n", "\r\n")}\r\nsubject=...\r\n{_root.Pem}");
        file.Faults.ShouldBeEmpty();
        file.Certificates.Select(item => item.Line).ShouldBe([3, 3 + Lines(_root.Pem) + 2]);
        file.Certificates[1].Certificate!.Subject.Text.ShouldBe("CN=Root");
    }

    [Fact]
    public void A_block_without_an_end_is_unreadable_and_the_next_one_is_read()
    {
        var file = Read(_root.Pem.Replace("-----END CERTIFICATE-----", "") + _root.Pem);
        file.Certificates.Select(item => item.Certificate is null).ShouldBe([true, false]);
        file.Certificates[0].Fault.ShouldBe("ends without \"-----END CERTIFICATE-----\"");
    }

    [Fact]
    public void What_is_no_base64_or_no_certificate_is_unreadable()
    {
        var file = Read("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        file.Certificates.Select(item => item.Fault).ShouldBe(["is no base64", "is no certificate"]);
        Bundled.Report("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").The<UnreadableEntry>().Message.ShouldContain("a gate does not start with it");
    }

    [Fact]
    public void A_file_of_der_is_one_certificate()
    {
        var file = BundleFile.Read("root.der", _root.Certificate.RawData);
        var item = file.Certificates.ShouldHaveSingleItem();
        (item.Line, item.Number).ShouldBe((0, 1));
        item.Certificate!.Der.ToArray().ShouldBe(_root.Certificate.RawData);
    }

    [Fact]
    public void A_trusted_certificate_is_the_certificate_before_what_is_added_to_it()
    {
        byte[] added = [.. _root.Certificate.RawData, 0x30, 0x03, 0x0c, 0x01, 0x61];
        var item = Read($"-----BEGIN TRUSTED CERTIFICATE-----\n{Convert.ToBase64String(added)}\n-----END TRUSTED CERTIFICATE-----\n").Certificates.ShouldHaveSingleItem();
        item.Certificate!.Der.ToArray().ShouldBe(_root.Certificate.RawData);
        item.Content.ToArray().ShouldBe(added, "and what is added is kept");
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("nothing\n", "there is no certificate in it")]
    [InlineData("\u00ff\u00fe-\0-\0", "the file is UTF-16")]
    [InlineData("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", "PKCS #7, which nginx does not read")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", "a private key")]
    [InlineData("0\u0082\u0001", "the file is binary and neither a certificate nor a revocation list")]
    public void A_file_without_certificates_says_what_it_is(string content, string fault) =>
        Read(content).Faults.ShouldHaveSingleItem().Text.ShouldStartWith(fault);

    [Fact]
    public void Revocation_lists_may_stand_between_certificates()
    {
        var file = Read(_root.Pem + _root.Crl() + _root.Pem);
        file.Crls.ShouldHaveSingleItem().File.ShouldBe("test.pem");
        file.Certificates.Count.ShouldBe(2);
    }

    [Fact]
    public void Noise_of_any_length_ends_in_faults()
    {
        var noise = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var content = new byte[noise.Next(400)];
            noise.NextBytes(content);
            _ = BundleFile.Read("noise", content);
            var broken = Encoding.Latin1.GetBytes(_root.Pem);
            broken[noise.Next(broken.Length)] = (byte)noise.Next(256);
            _ = BundleFile.Read("broken", broken);
        }
    }

    private static BundleFile Read(string text) => BundleFile.Read("test.pem", Encoding.Latin1.GetBytes(text));

    private static int Lines(string text) => text.Count(symbol => symbol == '\n');
}
