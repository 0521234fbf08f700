namespace Countersign.Proxy.Tests.Route.Variables;

public sealed class MapTests
{
    [Theory]
    [InlineData("one", "first")]
    [InlineData("ONE", "first")]
    [InlineData("a2c", "r2-a")]
    [InlineData("A2c", "insensitive")]
    [InlineData("other", "default-other")]
    [InlineData("", "nothing")]
    [InlineData("default", "word")]
    public void The_exact_text_comes_first_then_patterns_then_the_default(string value, string expected) => By(
        """map $arg_v $r { one first; "" nothing; ~^(?<letter>a)([0-9]) r$2-$letter; ~*^a([0-9]) insensitive; ~.? "default-$arg_v"; \default word; }""",
        value).ShouldBe(expected);

    [Fact]
    public void Without_a_default_it_is_empty() => By("map $arg_v $r { one first; }", "two").ShouldBe("");

    [Fact]
    public void No_pattern_is_tried_on_nothing() => By("map $arg_v $r { ~^$ pattern; default none; }", "").ShouldBe("none");

    [Theory]
    [InlineData("www.example.com", "exact")]
    [InlineData("www.example.com.", "exact")]
    [InlineData("a.b.example.com", "leading")]
    [InlineData("example.com", "none")]
    [InlineData("example.org", "dot")]
    [InlineData("x.example.org", "dot")]
    [InlineData("www.example.net", "trailing")]
    [InlineData("WWW.EXAMPLE.NET", "trailing")]
    [InlineData("pattern.", "pattern")]
    public void Host_names_may_have_wildcards(string value, string expected) => By(
        "map $arg_v $r { hostnames; default none; www.example.com exact; *.example.com leading; .example.org dot; www.example.* trailing; ~^pattern$ pattern; }",
        value).ShouldBe(expected);

    [Theory]
    [InlineData("", "1-1")]
    [InlineData("volatile;", "1-2")]
    public void It_is_asked_once_unless_volatile(string parameter, string expected)
    {
        var answer = Answered("map $arg_v $r { " + parameter + " default $arg_v; }", "set $first $r; set $args v=2; return 200 \"$first-$r\";", "1");
        answer.ShouldEndWith("\n\n" + expected);
    }

    [Fact]
    public void One_map_may_ask_another() => By("map $arg_v $s { a b; } map $s $r { b c; }", "a").ShouldBe("c");

    [Fact]
    public void A_cycle_ends_with_an_error()
    {
        using var client = new OneClient("map $s $r { default $s; } map $r $s { default $r; } server { listen 127.0.0.1:8080; server_name routes.test; return 200 \"[$r]\"; }");
        Tests.Route.Answered.Of(client, "GET / HTTP/1.1").ShouldEndWith("\n\n[]");
        client.Log.ShouldContain(line => line.StartsWith("[error] *7 cycle while evaluating variable", StringComparison.Ordinal));
    }

    private static string By(string map, string value)
    {
        var answer = Answered(map, "return 200 $r;", value);
        return answer[(answer.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
    }

    private static string Answered(string maps, string location, string value)
    {
        using var client = new OneClient($"{maps} server {{ listen 127.0.0.1:8080; server_name routes.test; location / {{ {location} }} }}");
        return Tests.Route.Answered.Of(client, $"GET /?v={value} HTTP/1.1");
    }
}
