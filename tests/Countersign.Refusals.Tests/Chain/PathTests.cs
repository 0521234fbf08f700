namespace Countersign.Refusals.Tests.Chain;

/// <summary>Where a path leads, and that looking for it ends.</summary>
public sealed class PathTests
{
    private static readonly CertificateShape Ca = CertificateShape.Authority;

    [Fact]
    public void The_path_to_a_root_of_the_bundle_is_found_in_any_order()
    {
        var root = Identity.SelfSigned("CN=root");
        var first = root.Issue("CN=first", Ca);
        var second = first.Issue("CN=second", Ca);
        var leaf = second.Issue("CN=leaf");
        var path = Build(leaf, [root], [first, leaf, second]);
        path.End.ShouldBe(PathEnd.Anchor);
        path.Certificates.Select(one => one.Subject.Text).ShouldBe(["CN=leaf", "CN=second", "CN=first", "CN=root"]);
        path.Trusted.ShouldBe([false, false, false, true]);
        path.Intermediates.ShouldBe(2);
    }

    [Fact]
    public void Authorities_that_issue_each_other_are_a_loop()
    {
        var one = Identity.SelfSigned("CN=one");
        var other = one.Issue("CN=other", Ca);
        var again = other.Issue("CN=one", Ca, one.Key);
        var leaf = other.Issue("CN=leaf");
        var unrelated = Identity.SelfSigned("CN=unrelated");
        var path = Build(leaf, [unrelated], [other, again]);
        path.End.ShouldBe(PathEnd.Loop);
        ReasonOf(Chains.Case([leaf, other, again], Chains.Trusting(unrelated), (20, 0), (21, 0))).ShouldBeOfType<Loop>().IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_cross_certificate_is_followed_where_the_first_way_up_has_no_end()
    {
        var root = Identity.SelfSigned("CN=root");
        var other = Identity.SelfSigned("CN=other root");
        var middle = other.Issue("CN=middle", Ca);
        var cross = root.Issue("CN=middle", Ca, middle.Key);
        var leaf = middle.Issue("CN=leaf");
        Build(leaf, [root], [middle, other, cross]).Certificates[1].ShouldBe(cross.Facts());
        Build(leaf, [root], [middle, other]).End.ShouldBe(PathEnd.SelfSigned);
    }

    [Fact]
    public void Of_two_ways_up_the_one_in_time_is_offered_when_libssl_took_the_other()
    {
        var root = Identity.SelfSigned("CN=root");
        var other = Identity.SelfSigned("CN=other root");
        var old = root.Issue("CN=middle", Ca with { NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddDays(-2) });
        var cross = other.Issue("CN=middle", Ca, old.Key);
        var leaf = old.Issue("CN=leaf");
        var reason = ReasonOf(Chains.Case([leaf, cross], Chains.Trusting(old, root, other), (10, 1))).ShouldBeOfType<ExpiredCrossPath>();
        reason.Certificate.ShouldBe(old.Facts());
        ReasonOf(Chains.Case([leaf], Chains.Trusting(old, root, other), (10, 1))).ShouldBeOfType<CaExpired>();
    }

    [Fact]
    public void An_authority_with_a_new_key_beside_its_old_one_is_found_by_either()
    {
        var old = Identity.SelfSigned("CN=root");
        var renewed = Identity.SelfSigned("CN=root");
        Build(old.Issue("CN=leaf"), [renewed, old], []).Last.ShouldBe(old.Facts());
        Build(renewed.Issue("CN=leaf"), [renewed, old], []).Last.ShouldBe(renewed.Facts());
        var path = Build(old.Issue("CN=leaf"), [renewed], []);
        (path.End, path.Namesake).ShouldBe((PathEnd.IssuerOtherKey, renewed.Facts()));
    }

    [Fact]
    public void The_namesake_with_the_key_that_is_asked_for_is_named_before_any_other()
    {
        var root = Identity.SelfSigned("CN=root");
        var namesake = Identity.SelfSigned("CN=root");
        var leaf = root.Issue("CN=leaf").Facts();
        var builder = new PathBuilder((_, _) => false, DateTimeOffset.UtcNow);
        builder.Build(leaf, [namesake.Facts(), root.Facts()], []).Namesake.ShouldBe(root.Facts());
        ReasonOf(Chains.Case([leaf], Chains.Trusting(namesake, root), (_, _) => false, (7, 0))).ShouldBeOfType<AlteredCertificate>().Issuer.ShouldBe(root.Facts());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    public void A_path_length_counts_the_authorities_between_it_and_the_client(int allowed, int below)
    {
        var root = Identity.SelfSigned("CN=root");
        var limited = root.Issue("CN=limited", Ca with { PathLength = allowed });
        List<Identity> chain = [limited];
        for (var i = 0; i < below; i++)
        {
            chain.Insert(0, chain[0].Issue($"CN=ca {i}", Ca));
        }
        chain.Insert(0, chain[0].Issue("CN=leaf"));
        var reason = ReasonOf(Chains.Case(chain, Chains.Trusting(root), (25, below + 1))).ShouldBeOfType<PathLength>();
        (reason.Certificate.Subject.Text, reason.Below, reason.Certificate.BasicConstraints!.PathLength).ShouldBe(("CN=limited", below, allowed));
    }

    [Fact]
    public void Self_issued_authorities_do_not_count_for_a_path_length()
    {
        var root = Identity.SelfSigned("CN=root");
        var limited = root.Issue("CN=limited", Ca with { PathLength = 0 });
        var again = limited.Issue("CN=limited", Ca);
        var below = again.Issue("CN=below", Ca);
        var leaf = below.Issue("CN=leaf");
        ReasonOf(Chains.Case([leaf, below, again, limited], Chains.Trusting(root), (25, 3))).ShouldBeOfType<PathLength>().Below.ShouldBe(1);
    }

    [Fact]
    public void A_depth_that_does_not_exist_is_no_fault()
    {
        var root = Identity.SelfSigned("CN=root");
        foreach (var code in Enumerable.Range(-1, 110))
        {
            var found = ChainReasons.Of(Chains.Case([root.Issue("CN=leaf")], Chains.Trusting(root), (code, 1000), (code, -5)));
            found.Reason.Message.ShouldNotBeEmpty();
        }
    }

    private static CertificatePath Build(Identity leaf, IEnumerable<Identity> trusted, IEnumerable<Identity> untrusted) =>
        new PathBuilder(Chains.IsSigned, DateTimeOffset.UtcNow).Build(leaf.Facts(), trusted.Facts(), untrusted.Facts());

    private static Reason ReasonOf(ChainCase chain) => ChainReasons.Of(chain).Reason;
}
