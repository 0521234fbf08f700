using System.Formats.Asn1;
using static Countersign.Refusals.Tests.Facts.RawCertificate;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>What a client makes large stays small in what is kept of it, and is read in one pass.</summary>
public sealed class HostileDerTests
{
    [Fact]
    public void A_megabyte_of_names_is_counted_and_not_kept()
    {
        var names = Tagged(0x30, [.. Enumerable.Range(0, 60_000).SelectMany(number => Tagged(0x82, System.Text.Encoding.ASCII.GetBytes($"host-{number}.example")))]);
        var alternative = CertificateReader.Read(new RawCertificate { Extensions = [("2.5.29.17", false, names)] }.Encode())!.AlternativeNames;
        alternative.Dns.Count.ShouldBe(1000);
        alternative.Others.ShouldBe(59_000);
    }

    [Fact]
    public void Extensions_beyond_a_hundred_or_so_are_not_read()
    {
        var facts = CertificateReader.Read(new RawCertificate { Extensions = [.. Enumerable.Range(0, 5000).Select(number => ($"1.2.3.{number}", true, (byte[])[5, 0]))] }.Encode())!;
        facts.Critical.Count.ShouldBe(128);
    }

    [Fact]
    public void An_identifier_of_a_hundred_kilobytes_is_not_turned_into_decimal()
    {
        var endless = Tagged(6, [0x2a, .. Enumerable.Repeat((byte)0xff, 100_000), 0x7f]);
        var usage = Tagged(0x30, [.. endless, .. Tagged(6, [0x2a, 3])]);
        CertificateReader.Read(new RawCertificate { Extensions = [("2.5.29.37", false, usage)] }.Encode())!.ExtendedKeyUsage
            .ShouldBe(["(identifier of 100007 bytes)", "1.2.3"]);
    }

    [Fact]
    public void Deep_nesting_is_not_followed()
    {
        byte[] value = [5, 0];
        for (var i = 0; i < 5000; i++)
        {
            value = Tagged(0x30, value);
        }
        var facts = CertificateReader.Read(new RawCertificate
        {
            Subject = Name(Attribute("2.5.4.3", value)),
            Extensions = [("2.5.29.17", false, value), ("2.5.29.30", true, value), ("2.5.29.31", false, value), ("2.5.29.32", false, value)],
        }.Encode())!;
        facts.Unreadable.ShouldBe(["2.5.29.17", "2.5.29.30", "2.5.29.32"]);
    }

    [Fact]
    public void Lengths_without_an_end_are_not_followed_for_ever()
    {
        byte[] open = [.. Enumerable.Repeat<byte[]>([0x30, 0x80], 50_000).SelectMany(bytes => bytes)];
        CertificateReader.Read(open).ShouldBeNull();
        CertificateReader.Read((byte[])[.. open, .. new byte[100_000]]).ShouldBeNull();
    }

    [Fact]
    public void No_prefix_of_a_certificate_is_one_and_none_throws()
    {
        using var root = Identity.SelfSigned("CN=root");
        using var leaf = root.Issue("CN=leaf", CertificateShape.Server);
        var der = leaf.Certificate.RawData;
        for (var length = 0; length < der.Length; length++)
        {
            CertificateReader.Read(der.AsMemory(0, length)).ShouldBeNull();
        }
    }
}
