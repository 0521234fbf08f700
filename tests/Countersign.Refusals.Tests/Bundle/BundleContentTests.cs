using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.Bundle;

public sealed class BundleContentTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Identity _root = Bundled.Authority("CN=Root");

    [Fact]
    public void A_root_that_has_ended_is_a_fault()
    {
        using var ended = Bundled.Authority("CN=Ended", shape => shape with { NotBefore = Now.AddDays(-90), NotAfter = Now.AddDays(-4) });
        var finding = Bundled.Report(ended.Pem + _root.Pem).The<ExpiredEntry>();
        finding.Severity.ShouldBe(BundleSeverity.Fault);
        finding.Message.ShouldContain("4 days ago");
    }

    [Fact]
    public void A_root_that_has_ended_beside_its_renewal_is_not_needed_any_more()
    {
        using var ended = Bundled.Authority("CN=Renewed", shape => shape with { NotBefore = Now.AddDays(-90), NotAfter = Now.AddDays(-4) });
        var renewed = Identity.SelfSigned("CN=Renewed", CertificateShape.Authority, ended.Key);
        Bundled.Report(ended.Pem + renewed.Pem).The<ExpiredEntry>().Severity.ShouldBe(BundleSeverity.Warning);
    }

    [Fact]
    public void What_ends_within_a_month_is_told_before()
    {
        using var ending = Bundled.Authority("CN=Ending", shape => shape with { NotAfter = Now.AddDays(12) });
        Bundled.Report(ending.Pem).The<EndsSoon>().Message.ShouldContain("in 11 days");
        Bundled.ReportAt(Now.AddDays(-100), ending.Pem).Findings.OfType<EndsSoon>().ShouldBeEmpty();
    }

    [Fact]
    public void What_has_not_begun_is_a_warning()
    {
        using var early = Bundled.Authority("CN=Early", shape => shape with { NotBefore = Now.AddDays(3) });
        Bundled.Report(early.Pem).The<NotYetValidEntry>().Severity.ShouldBe(BundleSeverity.Warning);
    }

    [Theory]
    [InlineData(Oids.ServerAuth)]
    [InlineData(Oids.AnyUsage)]
    public void An_authority_whose_purposes_leave_clients_out_is_a_fault(string usage)
    {
        using var limited = Bundled.Authority("CN=Limited", shape => shape with { ExtendedKeyUsage = [usage] });
        Bundled.Report(limited.Pem).Ids().ShouldBe(["purpose"]);
    }

    [Fact]
    public void An_authority_for_clients_and_servers_is_none()
    {
        using var wide = Bundled.Authority("CN=Wide", shape => shape with { ExtendedKeyUsage = [Oids.ServerAuth, Oids.ClientAuth] });
        Bundled.Report(wide.Pem).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void An_authority_that_may_not_sign_certificates_is_a_fault()
    {
        using var mute = Bundled.Authority("CN=Mute", shape => shape with { KeyUsage = X509KeyUsageFlags.CrlSign });
        Bundled.Report(mute.Pem).Ids().ShouldBe(["cannot-sign"]);
    }

    [Fact]
    public void A_path_length_that_the_bundle_itself_exceeds_is_a_fault()
    {
        using var narrow = Bundled.Authority("CN=Narrow", shape => shape with { PathLength = 0 });
        using var below = narrow.Issue("CN=Below", CertificateShape.Authority);
        var finding = Bundled.Report(below.Pem + narrow.Pem).The<PathLengthLimit>();
        (finding.Entry.Place, finding.Below.Place, finding.Count).ShouldBe(("a.pem:2", "a.pem:1", 1));
    }

    [Fact]
    public void A_path_length_that_is_kept_is_nothing()
    {
        using var wide = Bundled.Authority("CN=Wide", shape => shape with { PathLength = 1 });
        using var below = wide.Issue("CN=Below", CertificateShape.Authority with { PathLength = 0 });
        Bundled.Report(below.Pem + wide.Pem).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_short_key_is_weak()
    {
        using var weak = Bundled.Authority("CN=Weak", shape => shape with { Key = KeyKind.Rsa1024 });
        Bundled.Report(weak.Pem).Ids().ShouldBe(["weak"]);
    }

    [Fact]
    public void Names_that_fill_a_record_are_a_warning()
    {
        var key = Identity.NewKey(KeyKind.P256);
        var many = Enumerable.Range(0, 180).Select(number => Identity.SelfSigned($"CN={new string('x', 60)}{number:0000},O={new string('y', 30)}", CertificateShape.Authority, key));
        var report = Bundled.Report(string.Concat(many.Select(one => one.Pem)));
        report.AdvertisedNames.ShouldBe(180);
        report.The<LargeList>().Severity.ShouldBe(BundleSeverity.Warning);
    }

    [Fact]
    public void Every_authority_needs_a_list_once_there_is_one()
    {
        using var issuing = _root.Issue("CN=Issuing", CertificateShape.Authority);
        var report = Bundled.Report(issuing.Pem + _root.Pem, _root.Crl());
        report.The<AuthorityWithoutCrl>().Entry.Place.ShouldBe("a.pem:1");
        report.Entries[1].Crls.ShouldHaveSingleItem().File.ShouldBe("b.pem");
        Bundled.Report(issuing.Pem + _root.Pem, _root.Crl() + issuing.Crl()).Ids().ShouldBe(["crl-ends-soon", "crl-ends-soon"]);
    }

    [Fact]
    public void A_list_that_has_ended_is_a_fault_until_there_is_a_newer_one()
    {
        var ended = _root.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-2));
        Bundled.Report(_root.Pem, ended).The<LapsedCrl>().Severity.ShouldBe(BundleSeverity.Fault);
        Bundled.Report(_root.Pem, ended + _root.Crl(nextUpdate: Now.AddDays(90), number: 2)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_list_of_an_earlier_key_belongs_to_nobody()
    {
        using var before = Bundled.Authority("CN=Root");
        var stray = Bundled.Report(_root.Pem, before.Crl(nextUpdate: Now.AddDays(90))).The<StrayCrl>();
        stray.Namesake!.Place.ShouldBe("a.pem:1");
    }

    [Fact]
    public void An_authority_that_may_not_sign_lists_is_a_fault()
    {
        using var mute = Bundled.Authority("CN=Mute", shape => shape with { KeyUsage = X509KeyUsageFlags.KeyCertSign });
        Bundled.Report(mute.Pem, mute.Crl(nextUpdate: Now.AddDays(90))).Ids().ShouldBe(["cannot-sign-crls"]);
    }
}
