namespace Countersign.EndToEnd.Explain;

/// <summary>A client of <see cref="ExplainedGround"/>: the server it asks for, and what it sends.</summary>
public sealed record ExplainedCase(string Server, Identity Leaf, params Identity[] Chain)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    /// <summary>Every kind by its name; those that are let in first.</summary>
    private static readonly Dictionary<string, Func<ExplainedGround, ExplainedCase>> All = new()
    {
        ["of the root"] = ground => new("localhost", ground.Root.Issue("CN=good")),
        ["with its intermediate"] = ground => Over(ground, "localhost", "sent"),
        ["on no list"] = ground => new("listed.test", ground.Root.Issue("CN=listed")),
        ["of nobody where that will do"] = ground => new("optional.test", Identity.SelfSigned("CN=anyone", CertificateShape.Client)),
        ["without its intermediate"] = ground => Over(ground, "localhost", "unsent") with { Chain = [] },
        ["of a stranger"] = _ => new("localhost", Identity.SelfSigned("CN=Strange Root").Issue("CN=stranger")),
        ["of a stranger with its root"] = _ => Strange(),
        ["that signed itself"] = _ => new("localhost", Identity.SelfSigned("CN=alone", CertificateShape.Client)),
        ["that has ended"] = ground => new("localhost", ground.Root.Issue("CN=ended", CertificateShape.Client with { NotBefore = Now.AddDays(-60), NotAfter = Now.AddDays(-3) })),
        ["that has not begun"] = ground => new("localhost", ground.Root.Issue("CN=early", CertificateShape.Client with { NotBefore = Now.AddDays(5) })),
        ["for servers"] = ground => new("localhost", ground.Root.Issue("CN=server", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] })),
        ["that is too deep"] = Deep,
        ["of an authority that has ended"] = ground => new("localhost", ground.Ended.Issue("CN=late")),
        ["of an authority for servers"] = ground => new("localhost", ground.Servers.Issue("CN=wrong hands")),
        ["of an intermediate whose root is nowhere"] = ground => new("localhost", ground.Rootless.Issue("CN=rootless")),
        ["of an authority with a new key"] = _ => new("localhost", Identity.SelfSigned("CN=Rekeyed").Issue("CN=rekeyed")),
        ["of one that is no authority"] = NoAuthority,
        ["below a path length"] = Narrow,
        ["that is revoked"] = ground => new("listed.test", ground.Revoked),
        ["of an authority without a list"] = ground => Over(ground, "listed.test", "unlisted"),
        ["under a list that has ended"] = ground => new("lapsed.test", ground.Root.Issue("CN=lapsed")),
        ["that has ended where anyone will do"] = ground => new(
            "optional.test", ground.Root.Issue("CN=ended", CertificateShape.Client with { NotBefore = Now.AddDays(-60), NotAfter = Now.AddDays(-3) })),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static ExplainedCase Of(string name, ExplainedGround ground) => All[name](ground);

    private static ExplainedCase Over(ExplainedGround ground, string server, string name)
    {
        // A gate knows the intermediates that other clients sent, by their names.
        var issuing = ground.Root.Issue($"CN=Issuing {name}", CertificateShape.Authority);
        return new(server, issuing.Issue("CN=over"), issuing);
    }

    private static ExplainedCase Strange()
    {
        var root = Identity.SelfSigned("CN=Strange Root");
        return new("localhost", root.Issue("CN=stranger"), root);
    }

    private static ExplainedCase Deep(ExplainedGround ground)
    {
        var first = ground.Root.Issue("CN=First", CertificateShape.Authority);
        var second = first.Issue("CN=Second", CertificateShape.Authority);
        return new("localhost", second.Issue("CN=deep"), second, first);
    }

    private static ExplainedCase NoAuthority(ExplainedGround ground)
    {
        var client = ground.Root.Issue("CN=client");
        return new("localhost", client.Issue("CN=of a client"), client);
    }

    private static ExplainedCase Narrow(ExplainedGround ground)
    {
        var below = ground.Narrow.Issue("CN=Below", CertificateShape.Authority);
        return new("localhost", below.Issue("CN=narrow"), below);
    }
}
