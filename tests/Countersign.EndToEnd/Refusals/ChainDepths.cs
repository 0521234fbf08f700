namespace Countersign.EndToEnd.Refusals;

/// <summary>Paths that are longer than ssl_verify_depth allows, or that do not end.</summary>
public sealed class ChainDepths(ChainDepths.Ground ground) : IClassFixture<ChainDepths.Ground>
{
    public sealed class Ground : RefusalGround
    {
        protected override Task<RefusalGate> Open() => RefusalGate.Trusting("ssl_verify_depth 1;", Root);
    }

    [Fact]
    [Refuses("chain/too-deep")]
    public async Task Two_intermediates_are_too_many_for_depth_1()
    {
        var first = ground.Root.Issue("CN=First", CertificateShape.Authority);
        var second = first.Issue("CN=Second", CertificateShape.Authority);
        var record = await ground.Gate.Refused(second.Issue("CN=deep"), second, first);
        record.ShouldBe("chain/too-deep", "operator", "proved",
            ("depth_allowed", 1), ("depth_needed", 2), ("path", (string[])["CN=deep", "CN=Second", "CN=First", "CN=Root"])).ShouldBeOnPage("chain/too-deep");
        record.Pastes.ShouldBe(["ssl_verify_depth 2;"]);
        record.Message.ShouldContain(ground.Gate.At("ssl_verify_depth 1;"));
    }

    [Fact]
    [Innocent("chain/too-deep")]
    public async Task One_intermediate_is_not()
    {
        var first = ground.Root.Issue("CN=Only", CertificateShape.Authority);
        await ground.Gate.Accepted(first.Issue("CN=shallow"), first);
    }

    [Fact]
    [Refuses("chain/loop")]
    public async Task Two_authorities_issue_each_other()
    {
        using var one = Identity.SelfSigned("CN=Circle A");
        using var two = Identity.SelfSigned("CN=Circle B");
        var first = two.Issue("CN=Circle A", CertificateShape.Authority, one.Key);
        var second = one.Issue("CN=Circle B", CertificateShape.Authority, two.Key);
        (await ground.Gate.Refused(one.Issue("CN=in a circle"), first, second)).ShouldBe("chain/loop", "client", "proved",
            ("sent", 3), ("is_cut", false), ("path", (string[])["CN=in a circle", "CN=Circle A", "CN=Circle B"])).ShouldBeOnPage("chain/loop");
    }

    [Fact]
    [Refuses("chain/loop")]
    public async Task A_chain_too_long_to_follow_is_cut()
    {
        var chain = new List<Identity>();
        var last = Identity.SelfSigned("CN=Endless 0");
        for (var i = 1; i < 40; i++)
        {
            last = last.Issue($"CN=Endless {i}", CertificateShape.Authority);
            chain.Insert(0, last);
        }
        (await ground.Gate.Refused(last.Issue("CN=without end"), [.. chain])).ShouldBe("chain/loop", "client", "likely", ("sent", 40), ("is_cut", true));
    }

    [Fact]
    [Innocent("chain/loop")]
    public async Task Authorities_that_issue_each_other_and_one_of_them_is_trusted()
    {
        var two = Identity.SelfSigned("CN=Crossed");
        var cross = ground.Root.Issue("CN=Crossed", CertificateShape.Authority, two.Key);
        var back = two.Issue("CN=Root", CertificateShape.Authority, ground.Root.Key);
        await ground.Gate.Accepted(cross.Issue("CN=crossed"), back, cross);
    }
}
