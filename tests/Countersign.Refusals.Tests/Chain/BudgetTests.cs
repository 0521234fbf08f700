namespace Countersign.Refusals.Tests.Chain;

/// <summary>However much a client sends, what is done about it ends at the budget, and what is left undone is not taken for a finding.</summary>
public sealed class BudgetTests
{
    private const int PerCheck = 700;
    private const int MostChecks = AnalysisBudget.MaximumSteps / PerCheck;

    private static readonly CertificateShape Ca = CertificateShape.Authority;

    [Fact]
    public void Authorities_that_all_issue_each_other_end_at_the_limit()
    {
        // Ten of one name, each of which every other one's key signed: as many paths as there are orders of them.
        var keys = Enumerable.Range(0, 10).Select(_ => Identity.SelfSigned("CN=mesh")).ToList();
        var mesh = keys.SelectMany(issuer => keys.Where(one => one != issuer).Select(one => issuer.Issue("CN=mesh", Ca with { AuthorityKeyIdentifier = false }, one.Key))).ToList();
        var leaf = keys[0].Issue("CN=leaf", CertificateShape.Client with { AuthorityKeyIdentifier = false });
        var (chain, checks) = Counted([leaf, .. mesh], Chains.Trusting(Identity.SelfSigned("CN=unrelated")), (20, 0));

        var reason = ChainReasons.Of(chain).Reason;

        checks().ShouldBeLessThanOrEqualTo(MostChecks);
        IsWithin(chain.Budget);
        chain.Budget.IsSpent.ShouldBeTrue();
        reason.ShouldBeOfType<Loop>().ShouldSatisfyAllConditions(loop => loop.IsCut.ShouldBeTrue(), loop => loop.Confidence.ShouldBe(Confidence.Likely));
    }

    [Fact]
    public void Without_a_single_true_signature_hundreds_of_namesakes_are_not_all_tried()
    {
        var namesakes = Enumerable.Range(0, 300).Select(_ => Identity.SelfSigned("CN=root", Ca with { SubjectKeyIdentifier = false })).ToList();
        var leaf = Identity.SelfSigned("CN=root").Issue("CN=leaf");
        var (chain, checks) = Counted([leaf, .. namesakes], Chains.Trusting(namesakes[0]), (7, 0));
        var reason = ChainReasons.Of(chain).Reason;
        checks().ShouldBeInRange(MostChecks - 2, MostChecks, "the keys of what was sent have been read, and the rest is looking them up");
        IsWithin(chain.Budget);
        reason.ShouldBeOfType<Loop>().IsCut.ShouldBeTrue("it may have been signed by one that was not tried");
    }

    [Fact]
    public void A_bundle_of_thousands_and_a_chain_of_hundreds_end_at_the_limit()
    {
        var root = Identity.SelfSigned("CN=root").Facts();
        var trust = Chains.Trusting() with { Certificates = [.. Enumerable.Repeat(new TrustedCertificate(root, "bundle.pem", true), 5000)] };
        var others = Enumerable.Repeat(trust, 50).ToList();
        var stranger = Identity.SelfSigned("CN=stranger");
        var chain = Chains.Case([stranger.Issue("CN=leaf").Facts(), .. Enumerable.Repeat(root, 400)], trust, Chains.IsSigned, (20, 0)) with { OtherServers = others };
        ChainReasons.Of(chain).Reason.ShouldBeOfType<UnknownIssuer>().Owner.ShouldBeNull();
        IsWithin(chain.Budget);
    }

    [Fact]
    public void A_path_longer_than_any_is_cut()
    {
        List<Identity> chain = [Identity.SelfSigned("CN=top")];
        var root = chain[0];
        for (var i = 0; i < AnalysisBudget.MaximumLength + 5; i++)
        {
            chain.Insert(0, chain[0].Issue($"CN=ca {i}", Ca));
        }
        var (reason, _, path) = ChainReasons.Of(Chains.Case(chain, Chains.Trusting(root), (20, 0)));
        path.Certificates.Count.ShouldBe(AnalysisBudget.MaximumLength);
        reason.ShouldBeOfType<Loop>().IsCut.ShouldBeTrue();
    }

    [Fact]
    public void Names_are_compared_with_constraints_up_to_the_limit()
    {
        var names = Enumerable.Range(0, 1000).Select(number => $"h{number}.example.com").ToList();
        var leaf = Identity.SelfSigned("CN=root").Issue("CN=leaf", CertificateShape.Client with { DnsNames = names, AuthorityKeyIdentifier = false }).Facts();
        var root = Identity.SelfSigned("CN=root").Facts() with
        {
            NameConstraints = new NameConstraintFacts([], []) { ExcludedTrees = [.. Enumerable.Range(0, 1000).Select(number => new GeneralName("DNS", $"x{number}.example.org"))] },
        };
        var chain = Chains.Case([leaf], Chains.Trusting() with { Certificates = [new TrustedCertificate(root, "bundle.pem", true)] }, (_, _) => true, (48, 0));
        ChainReasons.Of(chain).Reason.ShouldBeOfType<NameConstraint>().Offender.ShouldBeNull();
        chain.Budget.IsSpent.ShouldBeTrue();
        IsWithin(chain.Budget);
    }

    [Fact]
    public void A_key_that_is_dear_to_check_costs_more_of_the_budget()
    {
        var root = Identity.SelfSigned("CN=root", Ca with { Key = KeyKind.P384 });
        var leaf = root.Issue("CN=leaf").Facts();
        var builder = new PathBuilder(Chains.IsSigned, DateTimeOffset.UtcNow);
        builder.Build(leaf, [root.Facts()], []);
        builder.Budget.Steps.ShouldBeInRange(13 * PerCheck, (13 * PerCheck) + 10, "a check of P-384, and its key is read; nobody checks a root's own");

        // An exponent as long as the modulus makes one check as dear as a private key's operation.
        var monster = root.Facts() with { KeyAlgorithm = "1.2.840.113549.1.1.1", Curve = "", KeyBits = 3072, ExponentBits = 3072 };
        var asked = 0;
        var other = new PathBuilder((_, _) => ++asked > 0, DateTimeOffset.UtcNow);
        other.Build(leaf, [monster], []).End.ShouldBe(PathEnd.Unfinished);
        asked.ShouldBe(0);
    }

    [Fact]
    public void A_hierarchy_of_five_levels_of_P384_is_followed_to_its_anchor()
    {
        var dear = Ca with { Key = KeyKind.P384 };
        List<Identity> chain = [Identity.SelfSigned("CN=root", dear)];
        for (var level = 0; level < 3; level++)
        {
            chain.Insert(0, chain[0].Issue($"CN=level {level}", dear));
        }
        var leaf = chain[0].Issue("CN=leaf");
        var presented = chain.SkipLast(1).Facts();
        var builder = new PathBuilder(Chains.IsSigned, DateTimeOffset.UtcNow, presented: presented);
        builder.Build(leaf.Facts(), [chain[^1].Facts()], presented).End.ShouldBe(PathEnd.Anchor);
        IsWithin(builder.Budget);
    }

    [Fact]
    public void What_is_sent_is_read_up_to_the_limit()
    {
        var budget = new AnalysisBudget();
        var read = Enumerable.Repeat(450, 1000).TakeWhile(budget.TakeCertificate).Count();
        read.ShouldBe(AnalysisBudget.MaximumBytes / 450);
        budget.IsSpent.ShouldBeTrue();
        budget.Steps.ShouldBeLessThan(AnalysisBudget.MaximumSteps / 2, "enough is left to follow it");
    }

    private static (ChainCase Chain, Func<int> Checks) Counted(IReadOnlyList<Identity> presented, TrustFacts trust, params (int Code, int Depth)[] errors)
    {
        var checks = 0;
        return (Chains.Case(presented.Facts(), trust, (subject, issuer) => ++checks > 0 && Chains.IsSigned(subject, issuer), errors), () => checks);
    }

    private static void IsWithin(AnalysisBudget budget) => budget.ShouldSatisfyAllConditions(
        () => budget.Steps.ShouldBeLessThanOrEqualTo(AnalysisBudget.MaximumSteps),
        () => budget.Bytes.ShouldBeLessThanOrEqualTo(AnalysisBudget.MaximumBytes));
}
