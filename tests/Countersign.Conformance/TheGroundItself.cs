namespace Countersign.Conformance;

/// <summary>The comparison is worth nothing if it cannot fail.</summary>
public sealed class TheGroundItself(Ground<TheGroundItself.Unlike> ground) : IClassFixture<Ground<TheGroundItself.Unlike>>
{
    public sealed class Unlike : Subject
    {
        // A port's address is the one thing the two servers do not share: so this answers differently.
        public override string Http => """
            map $server_addr $answer { 127.0.0.2 "one"; default "other"; }
            server { listen %%http%%; location / { return 200 $answer; } location /same { return 200 same; } }
            """;
    }

    [Fact]
    public async Task A_different_answer_is_reported()
    {
        var difference = await ground.Difference(script => script.Get("http", "/"));
        difference.ShouldNotBeNull().ShouldContain("one");
        difference.ShouldContain("other");
    }

    [Fact]
    public async Task A_different_log_line_is_reported()
    {
        var difference = await ground.Difference(script => script.Get("http", "/same?" + script.EndPoint("http").Address.GetAddressBytes()[3]));
        difference.ShouldNotBeNull().ShouldContain("/same?2");
    }

    [Fact]
    public async Task The_same_answer_is_no_difference() =>
        (await ground.Difference(script => script.Get("http", "/same"))).ShouldBeNull();

    [Fact]
    public void Every_divergence_names_a_case_that_exists()
    {
        var cases = typeof(TheGroundItself).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name).ToHashSet();
        Divergences.All.Keys.Where(name => !cases.Contains(name.Split(':')[0])).ShouldBeEmpty();
    }
}
