using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Identify.Ocsp;

namespace Countersign.Proxy.Tests.Identify;

public sealed class OcspCacheTests
{
    private const int Smallest = 8 * 4096;
    private const int OfSmallest = Smallest / 256;

    private readonly SettableTime _time = new();

    [Fact]
    public void An_answer_is_kept_until_its_next_update()
    {
        var cache = new OcspCache(Smallest, _time);
        var answer = Answer(60);
        cache.Add("a", answer);
        _time.Advance(59);
        cache.Find("a").ShouldBeSameAs(answer);
        cache.Find("b").ShouldBeNull();
        _time.Advance(1);
        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void One_without_a_next_update_is_kept_for_an_hour()
    {
        var cache = new OcspCache(Smallest, _time);
        cache.Add("a", Answer(null));
        _time.Advance(3599);
        cache.Find("a").ShouldNotBeNull();
        _time.Advance(1);
        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void One_that_was_over_when_it_came_is_not_kept()
    {
        var cache = new OcspCache(Smallest, _time);
        cache.Add("a", Answer(-1));
        cache.Find("a").ShouldBeNull();
    }

    [Fact]
    public void A_later_answer_takes_the_place_of_the_one_before()
    {
        var cache = new OcspCache(Smallest, _time);
        cache.Add("a", Answer(60));
        cache.Add("a", Answer(120, TlsOcspStatus.Revoked));
        _time.Advance(100);
        cache.Find("a").ShouldNotBeNull().Status.ShouldBe(TlsOcspStatus.Revoked);
    }

    /// <summary>Two clients are asked about at once, and somebody between gate and responder shows one of them last week's answer.</summary>
    [Theory]
    [InlineData(60, 60, TlsOcspStatus.Revoked)]
    [InlineData(60, -1, TlsOcspStatus.Revoked)]
    [InlineData(0, 60, TlsOcspStatus.Good)]
    [InlineData(-60, 60, TlsOcspStatus.Good)]
    public void An_older_answer_does_not_take_the_place_of_a_later_one(int later, int until, TlsOcspStatus counts)
    {
        var cache = new OcspCache(Smallest, _time);
        var since = _time.GetUtcNow().AddHours(-1);
        cache.Add("a", new TlsOcspAnswer(TlsOcspStatus.Revoked, null, "", since.AddSeconds(later), _time.GetUtcNow().AddSeconds(60)));
        var good = new TlsOcspAnswer(TlsOcspStatus.Good, null, "", since, _time.GetUtcNow().AddSeconds(until));
        cache.Add("a", good).Status.ShouldBe(counts);
    }

    [Fact]
    public void A_full_cache_forgets_what_came_first()
    {
        var cache = new OcspCache(Smallest, _time);
        for (var number = 0; number < OfSmallest; number++)
        {
            cache.Add($"{number}", Answer(60));
        }
        cache.Add("0", Answer(60));
        cache.Add("one more", Answer(60));
        cache.Find("0").ShouldNotBeNull();
        cache.Find("1").ShouldBeNull();
        cache.Find("2").ShouldNotBeNull();
        cache.Find("one more").ShouldNotBeNull();
    }

    [Fact]
    public void An_answer_that_is_over_makes_room()
    {
        var cache = new OcspCache(Smallest, _time);
        cache.Add("over", Answer(1));
        for (var number = 1; number < OfSmallest; number++)
        {
            cache.Add($"{number}", Answer(60));
        }
        _time.Advance(2);
        cache.Find("over").ShouldBeNull();
        cache.Add("one more", Answer(60));
        cache.Find("1").ShouldNotBeNull();
    }

    [Fact]
    public void Loops_use_it_at_once()
    {
        var cache = new OcspCache(Smallest, _time);
        Parallel.For(0, 20_000, number =>
        {
            cache.Add($"{number % 500}", Answer(60));
            _ = cache.Find($"{(number + 7) % 500}");
        });
        Enumerable.Range(0, 500).Count(number => cache.Find($"{number}") is not null).ShouldBe(OfSmallest);
    }

    [Fact]
    public void Servers_share_what_has_one_name_and_a_reload_keeps_what_has_one_size()
    {
        var before = new OcspCaches(Plan(("a", 40_000), ("a", 40_000), ("b", 40_000)), _time, null);
        var (a, b) = (Of(before, "a", 40_000), Of(before, "b", 40_000));
        a.ShouldNotBeSameAs(b);
        before.Of(new OcspPlan()).ShouldBeNull();
        var after = new OcspCaches(Plan(("a", 40_000), ("b", 50_000)), _time, before);
        Of(after, "a", 40_000).ShouldBeSameAs(a);
        Of(after, "b", 50_000).ShouldNotBeSameAs(b);
        Of(after, "b", 50_000).Size.ShouldBe(50_000);
    }

    private static OcspCache Of(OcspCaches caches, string name, long size) => caches.Of(new OcspPlan { Cache = new OcspCachePlan(name, size) })!;

    private TlsOcspAnswer Answer(int? seconds, TlsOcspStatus status = TlsOcspStatus.Good) =>
        new(status, null, "", _time.GetUtcNow(), seconds is { } until ? _time.GetUtcNow().AddSeconds(until) : null);

    private static HttpPlan Plan(params (string Name, long Size)[] caches) => OneClient.Load(string.Concat(caches.Select((cache, number) =>
        $"server {{ listen 127.0.0.1:{8443 + number}; ssl_ocsp on; ssl_ocsp_cache shared:{cache.Name}:{cache.Size}; }}\n"))).Http!;
}
