namespace Countersign.Proxy.Tests.Route.Variables;

public sealed class AssignedVariablesTests
{
    [Fact]
    public void A_variable_of_one_s_own_is_empty_until_set_and_said_so_once()
    {
        Evaluated.By("[$own$own]", "GET / HTTP/1.1", out var log, "if ($arg_a) { set $own x; }").ShouldBe("[]");
        log.Count(line => line.StartsWith("[warn] ", StringComparison.Ordinal) && line.Contains("using uninitialized \"own\" variable", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void The_warning_can_be_turned_off()
    {
        Evaluated.By("[$own]", "GET / HTTP/1.1", out var log, "uninitialized_variable_warn off; if ($arg_a) { set $own x; }").ShouldBe("[]");
        log.ShouldNotContain(line => line.Contains("uninitialized", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_group_fills_is_no_uninitialized_variable()
    {
        Evaluated.By("[$own]", "GET / HTTP/1.1", out var log, "if ($arg_a ~ (?<own>x)) { set $own $own; }").ShouldBe("[]");
        log.ShouldNotContain(line => line.Contains("uninitialized", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/?a=xyz", "[y][y]")]
    [InlineData("/?a=1", "[][]")]
    public void A_group_has_a_number_and_may_have_a_name(string target, string expected) =>
        Evaluated.By("[$own][$r]", $"GET {target} HTTP/1.1", "set $r ''; if ($arg_a ~ x(?<own>.)z) { set $r $1; }").ShouldBe(expected);

    [Fact]
    public void Set_changes_the_arguments_themselves() =>
        Evaluated.By("$args|$is_args|$arg_b|$query_string", "GET /?a=1 HTTP/1.1", "set $args b=2;").ShouldBe("b=2|?|2|b=2");

    [Theory]
    [InlineData("40k", "40960", false)]
    [InlineData("0", "0", false)]
    [InlineData("fast", "0", true)]
    [InlineData("", "0", true)]
    public void Set_changes_the_rate_when_it_is_one(string rate, string expected, bool complains)
    {
        Evaluated.By("$limit_rate", $"GET /?r={rate} HTTP/1.1", out var log, "set $limit_rate $arg_r;").ShouldBe(expected);
        log.Any(line => line.StartsWith($"[error] *7 invalid $limit_rate \"{rate}\"", StringComparison.Ordinal)).ShouldBe(complains);
    }

    [Fact]
    public void A_changeable_variable_keeps_its_meaning_until_set() =>
        Evaluated.By("[$before][$ssl_protocol]", server: "set $before '-$ssl_protocol-'; set $ssl_protocol own;").ShouldBe("[--][own]");

    [Fact]
    public void A_part_of_a_text_may_stand_in_braces() => Evaluated.By("${arg_a}b$arg_a", "GET /?a=1 HTTP/1.1").ShouldBe("1b1");
}
