namespace Countersign.EndToEnd.Refusals;

/// <summary>Paths that are longer than ssl_verify_depth allows.</summary>
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
            ("depth_allowed", 1), ("depth_needed", 2), ("path", (string[])["CN=deep", "CN=Second", "CN=First", "CN=Root"]));
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
}
