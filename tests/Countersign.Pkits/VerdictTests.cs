namespace Countersign.Pkits;

/// <summary>Every case of PKITS under nginx's flags: libssl's verdict, and for every refusal the id of the defect that NIST put in.</summary>
public sealed class VerdictTests(Ground ground, OfflineGate gate) : IClassFixture<OfflineGate>
{
    public static TheoryData<string> Numbers => [.. Expectation.All.Select(one => one.Number)];

    [Theory, MemberData(nameof(Numbers))]
    public void A_case_has_the_verdict_and_the_id_that_the_list_gives_it(string number)
    {
        ground.Require();
        var expected = Expectation.Of(number);
        var (error, reason) = gate.Judge(expected);
        (error, reason?.Id ?? "").ShouldBe((expected.Error, expected.Id), $"{expected.Message}: {expected.Because}\n{reason?.Message}");
    }

    [Fact]
    public void The_list_has_every_case_and_a_reason_for_each()
    {
        ground.Require();
        Expectation.All.Count.ShouldBe(Ground.Messages);
        Expectation.All.Select(one => one.Number).ShouldBeUnique();
        Expectation.All.Select(one => one.Message).ShouldBeUnique();
        foreach (var one in Expectation.All)
        {
            one.Because.ShouldNotBeEmpty(one.Number);
            (one.Error == 0).ShouldBe(one.Id.Length == 0, one.Number);
            one.Because.StartsWith("nginx accepts it: ", StringComparison.Ordinal).ShouldBe(!one.IsValid && one.Error == 0, one.Number);
            one.Because.StartsWith("nginx refuses it: ", StringComparison.Ordinal).ShouldBe(one.IsValid && one.Error != 0, one.Number);
        }
    }
}
