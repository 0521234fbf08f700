using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class RoundRobinTests
{
    [Fact]
    public void Weights_interleave_in_nginx_s_order()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 weight=5; server 127.0.0.1:2; server 127.0.0.1:3 weight=2;");
        // As nginx 1.22 logged it for the same weights.
        Asked(upstream, 12).ShouldBe("1 3 1 1 2 1 3 1 1 3 1 1");
    }

    [Fact]
    public void A_request_asks_nobody_twice()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 max_fails=0; server 127.0.0.1:2 max_fails=0; server 127.0.0.1:3 down;");
        upstream.Everybody().ShouldBe("1 2");
        upstream.Everybody().ShouldBe("2 1");
    }

    [Fact]
    public void A_server_that_failed_is_left_alone_for_fail_timeout()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1; server 127.0.0.1:2;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Time.Advance(10);
        Asked(upstream, 3).ShouldBe("2 2 2");
        upstream.Time.Advance(1);
        // Its weight has gone with the failure and comes back by one at each choice.
        Asked(upstream, 2).ShouldBe("2 2");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        Asked(upstream, 3).ShouldBe("2 2 2");
        upstream.Time.Advance(11);
        Asked(upstream, 2).ShouldBe("2 2");
        upstream.Once().ShouldBe("1");
        Asked(upstream, 4).ShouldBe("2 1 2 1");
    }

    [Fact]
    public void One_request_finds_out_whether_a_server_works_again()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1; server 127.0.0.1:2 down;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Time.Advance(11);
        var first = upstream.Request();
        first.Next().ShouldBeTrue();
        upstream.Once().ShouldBeNull();
        first.Free(PeerResult.Live);
        upstream.Once().ShouldBe("1");
    }

    [Fact]
    public void Taking_a_server_out_of_use_is_logged_once_max_fails_is_reached()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 max_fails=2; server 127.0.0.1:2 down;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Log.ShouldBeEmpty();
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Log.ShouldHaveSingleItem().ShouldStartWith("[warn] *7 upstream server temporarily disabled");
        upstream.Once().ShouldBeNull();
    }

    [Fact]
    public void A_403_or_404_that_sends_a_request_on_is_no_failure()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1; server 127.0.0.1:2 down;");
        upstream.Once(PeerResult.Next).ShouldBe("1");
        upstream.Once(PeerResult.Next).ShouldBe("1");
    }

    [Fact]
    public void The_only_server_is_never_taken_out_of_use()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1;");
        for (var count = 0; count < 3; count++)
        {
            var request = upstream.Request();
            request.Tries.ShouldBe(1);
            SelectionCase.Ask(request, PeerResult.Failed).ShouldBe("1");
            request.Tries.ShouldBe(0);
        }
        upstream.Log.ShouldBeEmpty();
    }

    [Fact]
    public void Backup_servers_come_when_no_other_is_left()
    {
        using var upstream = new SelectionCase(
            "server 127.0.0.1:1; server 127.0.0.1:2; server 127.0.0.1:3 backup; server 127.0.0.1:4 backup;");
        upstream.Once().ShouldBe("1");
        upstream.Everybody().ShouldBe("2 1 3 4");
        upstream.Once().ShouldBeNull();
        upstream.Time.Advance(11);
        upstream.Once().ShouldBe("1");
    }

    [Fact]
    public void A_server_with_a_backup_is_taken_out_of_use_like_any_other()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1; server 127.0.0.1:2 backup;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Once().ShouldBe("2");
    }

    [Fact]
    public void A_server_with_max_conns_connections_is_passed_over()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 max_conns=1; server 127.0.0.1:2 max_conns=1;");
        var (first, second, third) = (upstream.Request(), upstream.Request(), upstream.Request());
        first.Next().ShouldBeTrue();
        second.Next().ShouldBeTrue();
        SelectionCase.Short(second.Current).ShouldBe("2");
        third.Next().ShouldBeFalse();
        first.Free(PeerResult.Live);
        third.Next().ShouldBeTrue();
        SelectionCase.Short(third.Current).ShouldBe("1");
    }

    [Fact]
    public void The_only_server_obeys_max_conns_and_down()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 max_conns=1;");
        var first = upstream.Request();
        first.Next().ShouldBeTrue();
        upstream.Once().ShouldBeNull();
        first.Free(PeerResult.Failed);
        upstream.Once().ShouldBe("1");
        using var down = new SelectionCase("server 127.0.0.1:1 down;");
        down.Once().ShouldBeNull();
    }

    [Fact]
    public void Failing_costs_weight_that_comes_back_step_by_step()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1 weight=4 max_fails=4; server 127.0.0.1:2 weight=4;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.Once().ShouldBe("2");
        // Weights 3 and 4 now: the other one is ahead once more than it would be.
        upstream.Once(PeerResult.Live).ShouldBe("2");
        upstream.Once().ShouldBe("1");
    }

    [Fact]
    public void The_least_busy_for_its_weight_is_chosen()
    {
        using var upstream = new SelectionCase("least_conn; server 127.0.0.1:1; server 127.0.0.1:2 weight=2; server 127.0.0.1:3;");
        var held = Enumerable.Range(0, 4).Select(_ =>
        {
            var request = upstream.Request();
            request.Next().ShouldBeTrue();
            return request;
        }).ToArray();
        held.Select(request => SelectionCase.Short(request.Current)).Order().ShouldBe(["1", "2", "2", "3"]);
        held[0].Current.ShouldBe(held.First(request => SelectionCase.Short(request.Current) == "2").Current);
        var freed = SelectionCase.Short(held[^1].Current);
        held[^1].Free(PeerResult.Live);
        upstream.Once().ShouldBe(freed);
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        using var upstream = new SelectionCase("server 127.0.0.1:1; server 127.0.0.1:2;");
        var selection = upstream.Request();
        Round(selection, upstream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 100; count++)
        {
            Round(selection, upstream);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Round(PeerSelection selection, SelectionCase upstream)
        {
            upstream.Renew(selection);
            selection.Next();
            selection.Free(PeerResult.Live);
        }
    }

    /// <summary>Requests that each ask once and get an answer.</summary>
    private static string Asked(SelectionCase upstream, int requests) =>
        string.Join(' ', Enumerable.Range(0, requests).Select(_ => upstream.Once()));

    [Theory]
    [InlineData("", "1 2 1")]
    [InlineData("zone u 64k;", "2 2 2")]
    public void A_loop_knows_of_another_one_s_failures_with_zone_alone(string zone, string asked)
    {
        using var upstream = new SelectionCase($"{zone} server 127.0.0.1:1; server 127.0.0.1:2;");
        upstream.Once(PeerResult.Failed).ShouldBe("1");
        upstream.GoToLoop(1);
        Asked(upstream, 3).ShouldBe(asked);
    }
}
