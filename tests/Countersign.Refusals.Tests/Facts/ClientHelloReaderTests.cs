namespace Countersign.Refusals.Tests.Facts;

public sealed class ClientHelloReaderTests
{
    private static readonly int[] ChromeSuites =
        [0x6a6a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];

    private static readonly int[] ChromeSignatures = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

    [Fact]
    public void What_a_browser_says_is_read_in_its_order_without_grease()
    {
        var facts = Read(Chrome());
        facts.Versions.ShouldBe([0x0304, 0x0303]);
        facts.ServerName.ShouldBe("api.example");
        facts.Alpn.ShouldBe(["h2", "http/1.1"]);
        facts.CipherSuites.ShouldBe(ChromeSuites[1..]);
        facts.Groups.ShouldBe([0x11ec, 0x001d, 0x0017]);
        facts.SignatureAlgorithms.ShouldBe(ChromeSignatures);
        facts.Extensions.ShouldNotContain(0x1a1a);
        facts.HasEncryptedHello.ShouldBeFalse();
        facts.OffersSession.ShouldBeFalse();
        facts.IsCut.ShouldBeFalse();
    }

    // The example of FoxIO's own description of JA4.
    [Fact]
    public void Its_fingerprint_is_the_one_that_is_published_for_it() => Read(Chrome()).Ja4.ShouldBe("t13d1516h2_8daaf6152771_e5627efa2ab1");

    [Fact]
    public void The_order_of_extensions_and_suites_does_not_change_the_fingerprint()
    {
        var other = new HelloBytes { Suites = [.. ChromeSuites.Reverse()] }
            .With(0xff01, 0).WithPoints(13, ChromeSignatures).WithProtocols("h2"u8.ToArray()).WithName("other.example").With(0x4469).With(51).With(45)
            .WithVersions(0x0304, 0x0303).With(35).With(27).With(23).With(21).With(18).With(11).WithPoints(10, 0x001d).With(5);
        Read(other).Ja4.ShouldBe("t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    [Theory]
    [InlineData(new byte[] { 0xab }, "ab")]
    [InlineData(new byte[] { 0xab, 0xcd }, "ad")]
    [InlineData(new byte[] { 0x30, 0xab }, "3b")]
    [InlineData(new byte[] { 0x68, 0x32 }, "h2")]
    [InlineData(new byte[] { 0x68, 0x74, 0x74, 0x70, 0x2f, 0x31, 0x2e, 0x31 }, "h1")]
    public void A_protocol_that_is_no_text_is_in_the_fingerprint_in_hexadecimal(byte[] protocol, string ends) =>
        Read(new HelloBytes().WithProtocols(protocol)).Ja4[8..10].ShouldBe(ends);

    [Fact]
    public void Without_extensions_there_is_a_fingerprint_all_the_same()
    {
        var facts = Read(new HelloBytes { Version = 0x0301, Suites = [] });
        facts.Ja4.ShouldBe("t10i000000_000000000000_000000000000");
        facts.Versions.ShouldBe([0x0301]);
    }

    [Fact]
    public void An_old_client_s_hello_may_end_before_its_extensions()
    {
        var whole = new HelloBytes { Version = 0x0300 }.ToArray();
        byte[] old = [.. whole[..^2]];
        old[3] -= 2;
        var facts = ClientHelloReader.Read(old).ShouldNotBeNull();
        facts.IsCut.ShouldBeFalse();
        facts.Ja4.ShouldStartWith("ts3i0100");
    }

    [Fact]
    public void A_session_id_offers_a_session_where_TLS_1_3_is_not_spoken()
    {
        Read(new HelloBytes { SessionId = new byte[32] }).OffersSession.ShouldBeTrue();
        Read(new HelloBytes { SessionId = new byte[32] }.WithVersions(0x0304)).OffersSession.ShouldBeFalse();
        Read(new HelloBytes().With(41, 0)).OffersSession.ShouldBeTrue();
        Read(new HelloBytes().With(35)).OffersSession.ShouldBeFalse();
        Read(new HelloBytes().With(35, 1)).OffersSession.ShouldBeTrue();
    }

    [Fact]
    public void Signs_of_early_data_late_authentication_and_an_encrypted_hello_are_seen()
    {
        var facts = Read(new HelloBytes().With(42).With(49).With(0xfe0d, 0).WithPoints(50, 0x0403));
        facts.HasEarlyData.ShouldBeTrue();
        facts.HasPostHandshakeAuth.ShouldBeTrue();
        facts.HasEncryptedHello.ShouldBeTrue();
        facts.CertificateSignatureAlgorithms.ShouldBe([0x0403]);
    }

    [Fact]
    public void A_capture_that_ends_anywhere_is_read_as_far_as_it_goes_and_says_so()
    {
        var whole = Chrome().ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            var facts = ClientHelloReader.Read(whole.AsSpan(0, length));
            (facts is null || facts.IsCut).ShouldBeTrue($"{length} of {whole.Length}");
        }
        ClientHelloReader.Read(whole.AsSpan(0, 60)).ShouldNotBeNull().CipherSuites.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Whatever_bytes_come_it_does_not_throw()
    {
        var random = new Random(1);
        var whole = Chrome().ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            _ = ClientHelloReader.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
        }
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 2, 0, 0, 0 })]
    [InlineData(new byte[] { 0x16, 0x03, 0x01, 0x00 })]
    public void What_is_no_hello_is_none(byte[] bytes) => ClientHelloReader.Read(bytes).ShouldBeNull();

    private static ClientHelloFacts Read(HelloBytes hello) => ClientHelloReader.Read(hello.ToArray()).ShouldNotBeNull();

    private static HelloBytes Chrome() => new HelloBytes { Suites = ChromeSuites }
        .With(0x1a1a).WithName("api.example").With(23).With(0xff01, 0).WithPoints(10, 0x2a2a, 0x11ec, 0x001d, 0x0017).With(11, 1, 0).With(35)
        .WithProtocols("h2"u8.ToArray(), "http/1.1"u8.ToArray()).With(5, 1, 0, 0, 0, 0).WithPoints(13, ChromeSignatures).With(18).With(51, 0, 0)
        .With(45, 1, 1).WithVersions(0x3a3a, 0x0304, 0x0303).With(27, 2, 0, 2).With(0x4469, 0, 3, 2, 0x68, 0x32).With(21, 0).With(0x4a4a, 0);
}
