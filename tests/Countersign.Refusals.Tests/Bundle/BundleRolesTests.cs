namespace Countersign.Refusals.Tests.Bundle;

public sealed class BundleRolesTests
{
    private readonly Identity _root = Bundled.Authority("CN=Root");
    private readonly Identity _middle;
    private readonly Identity _low;

    public BundleRolesTests()
    {
        _middle = _root.Issue("CN=Middle", CertificateShape.Authority);
        _low = _middle.Issue("CN=Low", CertificateShape.Authority);
    }

    [Fact]
    public void A_bundle_with_every_issuer_has_nothing_wrong()
    {
        var report = Bundled.Report(_low.Pem + _middle.Pem + _root.Pem);
        report.Findings.ShouldBeEmpty();
        report.Entries.Select(entry => entry.Role).ShouldBe([BundleRole.Intermediate, BundleRole.Intermediate, BundleRole.Root]);
        report.Entries.Select(entry => entry.Depth).ShouldBe([2, 1, 0]);
        report.Deepest.ShouldBe(2);
        report.HasFaults.ShouldBeFalse();
    }

    [Fact]
    public void Several_files_are_one_bundle()
    {
        var report = Bundled.Report(_low.Pem, _root.Pem + _middle.Pem);
        report.Findings.ShouldBeEmpty();
        report.Entries.Select(entry => entry.Place).ShouldBe(["a.pem:1", "b.pem:1", "b.pem:2"]);
    }

    [Fact]
    public void A_missing_root_is_named_with_its_key_id_and_those_who_need_it()
    {
        var missing = Bundled.Report(_low.Pem + _middle.Pem).The<IssuerMissing>();
        missing.Issuer.Text.ShouldBe("CN=Root");
        missing.KeyId.ShouldNotBeEmpty();
        missing.Needed.ShouldHaveSingleItem().Place.ShouldBe("a.pem:2");
        missing.IsFatal.ShouldBeTrue();
        missing.Severity.ShouldBe(BundleSeverity.Fault);
        missing.Message.ShouldContain("chain/root-absent");
    }

    [Fact]
    public void A_missing_intermediate_leaves_the_one_below_without_a_way_up()
    {
        var report = Bundled.Report(_low.Pem + _root.Pem);
        report.The<IssuerMissing>().Issuer.Text.ShouldBe("CN=Middle");
        report.Entries[0].Depth.ShouldBeNull();
    }

    [Fact]
    public void The_same_certificate_twice_is_a_duplicate_and_counts_once()
    {
        var report = Bundled.Report(_root.Pem + _middle.Pem, _root.Pem);
        report.Ids().ShouldBe(["duplicate"]);
        report.The<DuplicateEntry>().Entry.Place.ShouldBe("b.pem:1");
        report.AdvertisedNames.ShouldBe(2);
    }

    [Fact]
    public void A_renewed_root_with_its_old_key_is_the_same_authority()
    {
        using var renewed = Identity.SelfSigned("CN=Root", CertificateShape.Authority with { NotAfter = DateTimeOffset.UtcNow.AddDays(9000) }, _root.Key);
        var report = Bundled.Report(_root.Pem + renewed.Pem + _middle.Pem);
        report.Ids().ShouldBe(["same-authority"]);
        report.HasFaults.ShouldBeFalse();
        report.Entries[2].Issuers.Count.ShouldBe(2);
    }

    [Fact]
    public void A_root_with_a_new_key_is_re_keyed_and_both_key_ids_are_said()
    {
        using var rekeyed = Bundled.Authority("CN=Root");
        var report = Bundled.Report(_root.Pem + rekeyed.Pem + _middle.Pem);
        report.Ids().ShouldBe(["re-keyed"]);
        foreach (var entry in report.Entries.Take(2))
        {
            report.The<RekeyedAuthority>().Message.ShouldContain(entry.Certificate!.SubjectKeyId);
        }
        report.Entries[2].Issuers.ShouldHaveSingleItem().Place.ShouldBe("a.pem:1", "a signature tells them apart");
    }

    [Fact]
    public void Keys_that_no_key_id_tells_apart_are_a_warning()
    {
        using var rekeyed = Bundled.Authority("CN=Root", shape => shape with { SubjectKeyIdentifier = false });
        var finding = Bundled.Report(_root.Pem + rekeyed.Pem).The<RekeyedAuthority>();
        finding.CannotBeTold.ShouldBeTrue();
        finding.Severity.ShouldBe(BundleSeverity.Warning);
    }

    [Fact]
    public void A_second_certificate_of_a_root_by_another_root_is_cross_signed()
    {
        using var old = Bundled.Authority("CN=Old Root");
        using var cross = old.Issue("CN=Root", CertificateShape.Authority, _root.Key);
        var report = Bundled.Report(_middle.Pem + cross.Pem + _root.Pem + old.Pem);
        report.Entries.Select(entry => entry.Role).ShouldBe([BundleRole.Intermediate, BundleRole.CrossSigned, BundleRole.Root, BundleRole.Root]);
        report.Ids().ShouldBe(["cross-signed"]);
    }

    [Theory]
    [InlineData(true, BundleSeverity.Warning)]
    [InlineData(false, BundleSeverity.Fault)]
    public void A_cross_signed_one_without_its_issuer_refuses_clients_when_it_stands_first(bool isRootFirst, BundleSeverity severity)
    {
        using var old = Bundled.Authority("CN=Old Root");
        var cross = old.Issue("CN=Root", CertificateShape.Authority, _root.Key);
        var missing = Bundled.Report(isRootFirst ? _root.Pem + cross.Pem : cross.Pem + _root.Pem).The<IssuerMissing>();
        missing.Severity.ShouldBe(severity);
        missing.IsFatal.ShouldBe(!isRootFirst);
    }

    [Fact]
    public void A_client_s_certificate_is_a_leaf_and_a_self_signed_one_lets_itself_in()
    {
        using var client = _root.Issue("CN=client");
        using var pinned = Identity.SelfSigned("CN=pinned", CertificateShape.Client);
        var report = Bundled.Report(_root.Pem + client.Pem + pinned.Pem);
        report.Entries.Select(entry => entry.Role).ShouldBe([BundleRole.Root, BundleRole.Leaf, BundleRole.Leaf]);
        report.The<LeafEntry>().Entry.Place.ShouldBe("a.pem:2");
        report.The<PinnedLeaf>().Entry.Place.ShouldBe("a.pem:3");
    }

    [Fact]
    public void Authorities_that_issued_each_other_have_no_root()
    {
        using var first = Bundled.Authority("CN=First");
        using var second = Bundled.Authority("CN=Second");
        using var one = second.Issue("CN=First", CertificateShape.Authority, first.Key);
        using var other = first.Issue("CN=Second", CertificateShape.Authority, second.Key);
        var report = Bundled.Report(one.Pem + other.Pem);
        report.The<NoRoot>().Entries.Count.ShouldBe(2);
    }

    [Fact]
    public void A_bundle_of_leaves_trusts_nobody()
    {
        using var client = _root.Issue("CN=client");
        Bundled.Report(client.Pem).The<NothingTrusted>().Severity.ShouldBe(BundleSeverity.Fault);
    }

    [Fact]
    public void Certificates_that_could_all_have_issued_each_other_cost_a_counted_number_of_signatures()
    {
        var shape = CertificateShape.Authority with { SubjectKeyIdentifier = false };
        var items = Enumerable.Range(0, 80).Select(number => new BundleItem("many.pem", number, 0, CertificateReader.Read(Identity.SelfSigned("CN=Same", shape).Certificate.RawData))).ToList();
        var asked = 0;
        var report = BundleReport.Of(new BundleCase { Items = items, Now = DateTimeOffset.UtcNow, IsSigned = (_, _) => ++asked < 0 });
        asked.ShouldBe(4096);
        report.IsWhole.ShouldBeFalse();
        report.Entries.Count.ShouldBe(80);
    }
}
