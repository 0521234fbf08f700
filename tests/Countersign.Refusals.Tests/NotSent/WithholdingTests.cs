using Countersign.Testing;

namespace Countersign.Refusals.Tests.NotSent;

public sealed class WithholdingTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Identity _root = Identity.SelfSigned("CN=Root");
    private readonly Identity _issuing;

    public WithholdingTests() => _issuing = _root.Issue("CN=Issuing", CertificateShape.Authority);

    [Fact]
    public void An_empty_list_takes_everybody()
    {
        using var leaf = _issuing.Issue("CN=leaf");
        var withholding = Asked([]).By([leaf], []);
        ClientStack.All.Select(withholding.By).ShouldAllBe(withheld => withheld == null);
    }

    [Theory]
    [InlineData("Go")]
    [InlineData("Java")]
    [InlineData("GnuTLS")]
    public void A_chain_that_leads_to_the_list_is_sent_and_a_leaf_alone_is_not(string client)
    {
        using var leaf = _issuing.Issue("CN=leaf");
        var asked = Asked([_root]);
        asked.By([leaf, _issuing], []).By(ClientStack.Named(client)).ShouldBeNull();
        asked.By([leaf], [_issuing]).By(ClientStack.Named(client))!.Id.ShouldBe("not-sent/chain-not-linkable");
        asked.By([leaf], []).By(ClientStack.Named(client))!.Id.ShouldBe("not-sent/issuer-not-advertised");
    }

    [Fact]
    public void A_store_links_what_the_file_does_not()
    {
        using var leaf = _issuing.Issue("CN=leaf");
        Asked([_root]).By([leaf], [_issuing]).By(ClientStack.Named("NSS")).ShouldBeNull();
    }

    [Fact]
    public void OpenSSL_sends_whatever_it_is_told_to()
    {
        using var stranger = Identity.SelfSigned("CN=stranger", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] });
        Asked([_root]).By([stranger], []).By(ClientStack.Named("OpenSSL")).ShouldBeNull();
    }

    [Fact]
    public void A_purpose_and_a_date_are_looked_at_by_some()
    {
        using var leaf = _root.Issue("CN=leaf", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] });
        using var old = _root.Issue("CN=old", CertificateShape.Client with { NotBefore = Now.AddDays(-3), NotAfter = Now.AddDays(-1) });
        var asked = Asked([_root]);
        asked.By([leaf], []).By(ClientStack.Named(".NET"))!.Id.ShouldBe("not-sent/filtered-by-client");
        asked.By([leaf], []).By(ClientStack.Named("Go")).ShouldBeNull();
        asked.By([old], []).By(ClientStack.Named("SChannel"))!.Id.ShouldBe("not-sent/filtered-by-client");
        asked.By([old], []).By(ClientStack.Named(".NET")).ShouldBeNull();
    }

    [Fact]
    public void In_TLS_1_3_a_scheme_is_for_one_curve()
    {
        using var leaf = _root.Issue("CN=leaf", CertificateShape.Client with { Key = KeyKind.P384 });
        Asked([_root], isTls13: true, 0x0403).By([leaf], []).HasCommonAlgorithm.ShouldBeFalse();
        Asked([_root], isTls13: false, 0x0403).By([leaf], []).HasCommonAlgorithm.ShouldBeTrue();
    }

    [Fact]
    public void TLS_1_3_has_no_PKCS_1_signatures()
    {
        using var leaf = _root.Issue("CN=leaf", CertificateShape.Client with { Key = KeyKind.Rsa2048 });
        Asked([_root], isTls13: true, 0x0401).By([leaf], []).HasCommonAlgorithm.ShouldBeFalse();
        Asked([_root], isTls13: false, 0x0401).By([leaf], []).HasCommonAlgorithm.ShouldBeTrue();
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuing.Dispose();
    }

    private static Request Asked(Identity[] authorities, bool isTls13 = true, int scheme = 0x0403) => new(authorities, isTls13, scheme);

    private static CertificateFacts Facts(Identity identity) => CertificateReader.Read(identity.Certificate.RawData)!;

    private sealed record Request(Identity[] Authorities, bool IsTls13, int Scheme)
    {
        public Withholding By(Identity[] chain, Identity[] known) => new(
            new CertificateRequestFacts
            {
                IsTls13 = IsTls13, Length = 100, Authorities = [.. Authorities.Select(one => Facts(one).Subject)], SignatureAlgorithms = [Scheme],
            },
            [.. chain.Select(Facts)], [.. known.Select(Facts)], Now);
    }
}
