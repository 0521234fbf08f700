namespace Countersign.Configuration.Tests;

/// <summary>PCRE patterns in their .NET form, tried on subjects.</summary>
public sealed class PatternTests
{
    private static RegexPlan Pattern(string pattern) =>
        Loading.Server($"location ~ '{pattern.Replace("'", "\\'", StringComparison.Ordinal)}' {{ }}").Servers[0].Root.RegexChildren[0].Pattern!;

    [Theory]
    [InlineData(@"^\d+$", "42", true)]
    [InlineData(@"^\w$", "\u00e9", false)]
    [InlineData(@"^\s$", "\u0085", false)]
    [InlineData(@"^[\w-]+$", "a-b", true)]
    [InlineData(@"^[^\W_]+$", "a_b", false)]
    [InlineData(@"^\h$", "\u00a0", true)]
    [InlineData(@"^a++a$", "aaa", false)]
    [InlineData(@"^(?:ab)*+$", "abab", true)]
    [InlineData(@"^[[:alpha:]]{2}$", "ab", true)]
    [InlineData(@"^[[:^digit:]]$", "1", false)]
    [InlineData(@"^[a-z-[aeiou]]$", "b]", true)]
    [InlineData(@"^[]a]+$", "]a", true)]
    [InlineData(@"^\x2fa\x{2F}$", "/a/", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"\bfoo\b", "a foo b", true)]
    [InlineData(@"^(?i)ABC$", "abc", true)]
    [InlineData(@"^\.\/\-\_$", "./-_", true)]
    [InlineData(@"^(a)\1$", "aa", true)]
    [InlineData(@"^(?<n>a)\k<n>$", "aa", true)]
    [InlineData(@"^(?P<n>a)(?P=n)1$", "aa1", true)]
    [InlineData(@"^\pL$", "a", true)]
    [InlineData(@"^a{,2}$", "a{,2}", true)]
    [InlineData(@"^{$", "{", true)]
    [InlineData(@"^\99999999999999999999$", "99999999999999999999", true)]
    [InlineData(@"^\19999999999999999999$", "\u00019999999999999999999", true)]
    [InlineData(@"^\12$", "\n", true)]
    [InlineData(@"^(a)\814748364$", "a814748364", true)]
    [InlineData(@"^[\8\12]+$", "8\n", true)]
    public void A_pattern_matches_as_in_PCRE(string pattern, string subject, bool matches) =>
        Pattern(pattern).Expression.IsMatch(subject).ShouldBe(matches);

    [Fact]
    public void Groups_keep_their_order_whether_they_have_names_or_not()
    {
        var pattern = Pattern("^(?<a>.)(.)(?<b>.)$");

        pattern.NamedGroups.Select(group => group.Group).ShouldBe([1, 3]);
        pattern.Expression.Match("xyz").Groups[2].Value.ShouldBe("y");
    }

    [Theory]
    [InlineData(@"a\Kb", @"\K is not supported by Countersign")]
    [InlineData(@"(a|(?R))", "recursion, conditions and branch reset are not supported by Countersign")]
    [InlineData(@"(*UTF8)a", "verbs such as (*...) are not supported by Countersign")]
    public void What_cannot_be_kept_is_refused_by_name(string pattern, string reason) =>
        Loading.Errors($"events {{ }} http {{ server {{ location ~ '{pattern}' {{ }} }} }}")[0].ShouldContain(reason);

    [Theory]
    [InlineData(@"\81", "reference to non-existent subpattern")]
    [InlineData(@"\99999", "subpattern number is too big")]
    [InlineData(@"\777", @"octal value is greater than \377 in 8-bit non-UTF-8 mode")]
    [InlineData(@"[\400]", @"octal value is greater than \377 in 8-bit non-UTF-8 mode")]
    [InlineData(@"[\\", @"\ at end of pattern")]
    [InlineData(@"a{65536}", @"number too big in {} quantifier in ""a{65536}"" at ""}""")]
    [InlineData(@"a{1,99999999999999}", @"number too big in {} quantifier in ""a{1,99999999999999}"" at ""999999999}""")]
    [InlineData(@"a{3,2}", @"numbers out of order in {} quantifier in ""a{3,2}"" at ""}""")]
    public void A_number_that_PCRE_does_not_take_is_refused_in_its_words(string pattern, string reason) =>
        Loading.Errors($"events {{ }} http {{ server {{ location ~ '{pattern}' {{ }} }} }}")[0].ShouldContain(reason);

    [Fact]
    public void A_pattern_that_runs_away_is_stopped() =>
        Pattern("^(a+)+$").Expression.MatchTimeout.ShouldBe(TimeSpan.FromSeconds(1));
}
