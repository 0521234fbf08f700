using Countersign.Commands;

namespace Countersign.Tests.Demo;

public sealed class DemoCommandTests
{
    [Theory]
    [InlineData(true, "demo")]
    [InlineData(true, "demo", "--stay")]
    [InlineData(false)]
    [InlineData(false, "-t")]
    [InlineData(false, "-c", "demo")]
    [InlineData(false, "demonstrate")]
    public void The_first_word_tells_a_verb_from_the_options_of_nginx(bool isVerb, params string[] arguments) =>
        Verbs.Has(arguments).ShouldBe(isVerb);

    [Theory]
    [InlineData("/bin/false")]
    [InlineData("/nonexistent/gate")]
    public void A_gate_that_does_not_start_makes_the_exit_code_one(string gate) =>
        Verbs.Run(["demo", "--json", "--gate", gate]).ShouldBe(1);

    [Fact]
    public void Help_names_the_demonstration() => ProgramVersion.Help.ShouldContain("countersign demo [--stay] [--json]");
}
