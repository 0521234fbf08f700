using System.Net;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

/// <summary>The expected orders are nginx's: what 1.22 logged for the same blocks when nobody answered.</summary>
public sealed class KeyedChoiceTests
{
    [Fact]
    public void A_hashed_key_finds_the_servers_that_nginx_finds()
    {
        using var upstream = new SelectionCase(
            "hash $arg_k; server 127.0.0.1:1 max_fails=0; server 127.0.0.1:2 weight=2 max_fails=0; server 127.0.0.1:3 weight=3 max_fails=0;");
        string.Join(", ", Keys.Select(key => upstream.Everybody(key))).ShouldBe(
            "3 2 1, 3 2 1, 3 2 1, 2 3 1, 3 2 1, 3 1 2, 3 2 1, 1 3 2, 2 3 1, 3 1 2, 2 1 3, 3 2 1");
    }

    [Fact]
    public void A_key_on_the_ring_finds_the_servers_that_nginx_finds()
    {
        using var upstream = new SelectionCase(
            "hash $arg_k consistent; server 127.0.0.1:18081 max_fails=0; server 127.0.0.1:18082 weight=2 max_fails=0; server unix:/run/none max_fails=0;");
        string.Join(", ", Keys.Select(key => upstream.Everybody(key))).Replace("1808", "", StringComparison.Ordinal).Replace("/run/none", "u", StringComparison.Ordinal)
            .ShouldBe("1 2 u, 2 1 u, 2 1 u, 2 u 1, u 1 2, 1 2 u, 1 2 u, 2 1 u, 2 u 1, u 2 1, 2 1 u, 2 u 1");
    }

    [Fact]
    public void Nobody_else_moves_when_a_server_leaves_the_ring()
    {
        using var all = new SelectionCase("hash $arg_k consistent; server 127.0.0.1:1; server 127.0.0.1:2; server 127.0.0.1:3;");
        using var fewer = new SelectionCase("hash $arg_k consistent; server 127.0.0.1:1; server 127.0.0.1:3;");
        var keys = Enumerable.Range(0, 200).Select(number => $"key{number}").Where(key => all.Once(key: key) != "2").ToArray();
        keys.Length.ShouldBeInRange(80, 180);
        keys.ShouldAllBe(key => fewer.Once(PeerResult.Live, key) == all.Once(PeerResult.Live, key));
    }

    [Fact]
    public void A_request_without_a_key_takes_its_turn()
    {
        using var upstream = new SelectionCase("hash $arg_k; server 127.0.0.1:1; server 127.0.0.1:2;");
        upstream.Once().ShouldBe("1");
        upstream.Once().ShouldBe("2");
    }

    [Theory]
    [InlineData("10.0.0.1", "3")]
    [InlineData("10.0.1.1", "3")]
    [InlineData("192.168.7.200", "3")]
    [InlineData("172.16.254.3", "2")]
    [InlineData("8.8.8.8", "3")]
    [InlineData("127.0.0.1", "2")]
    [InlineData("203.0.113.77", "1")]
    [InlineData("::1", "3")]
    [InlineData("2001:db8::1", "2")]
    [InlineData("2001:db8::2", "3")]
    [InlineData("fe80::1234", "3")]
    public void A_client_s_address_finds_the_server_that_nginx_finds(string client, string server)
    {
        using var upstream = new SelectionCase("ip_hash; server 127.0.0.1:1; server 127.0.0.1:2 weight=2; server 127.0.0.1:3 weight=3;", IPAddress.Parse(client));
        upstream.Once().ShouldBe(server);
        upstream.Once().ShouldBe(server);
    }

    [Fact]
    public void Neighbours_in_a_network_of_254_share_a_server()
    {
        using var one = new SelectionCase("ip_hash; server 127.0.0.1:1; server 127.0.0.1:2; server 127.0.0.1:3;", IPAddress.Parse("192.0.2.1"));
        using var other = new SelectionCase("ip_hash; server 127.0.0.1:1; server 127.0.0.1:2; server 127.0.0.1:3;", IPAddress.Parse("192.0.2.250"));
        one.Once().ShouldBe(other.Once());
    }

    [Fact]
    public void Chance_goes_by_weight_and_never_to_a_server_that_is_down()
    {
        using var upstream = new SelectionCase("random; server 127.0.0.1:1; server 127.0.0.1:2 weight=3; server 127.0.0.1:3 weight=5 down;");
        var random = new Random(7);
        var asked = Enumerable.Range(0, 2000).Select(_ => SelectionCase.Ask(upstream.Request(random: random), PeerResult.Live)).ToArray();
        asked.ShouldNotContain("3");
        asked.Count(name => name == "2").ShouldBeInRange(1400, 1600);
    }

    [Fact]
    public void Of_two_the_less_busy_is_chosen()
    {
        using var upstream = new SelectionCase("random two; server 127.0.0.1:1; server 127.0.0.1:2;");
        var busy = upstream.Request(random: new Random(1));
        busy.Next().ShouldBeTrue();
        var idle = SelectionCase.Short(busy.Current) == "1" ? "2" : "1";
        var random = new Random(2);
        Enumerable.Range(0, 100).Select(_ => SelectionCase.Ask(upstream.Request(random: random), PeerResult.Live)).ShouldAllBe(name => name == idle);
    }

    private static IEnumerable<string> Keys => Enumerable.Range(1, 12).Select(number => $"key{number}");
}
