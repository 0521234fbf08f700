using System.Text;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class LocationSearchTests : IDisposable
{
    private readonly OneClient _client = new("""
        server {
            listen 127.0.0.1:8080;
            server_name routes;
            location / { }
            location /longer { }
            location /longer/still { }
            location = /longer/exact { }
            location ^~ /images/ { }
            location /images/special/ { location ~ \.gif$ { } }
            location ~ \.(gif|jpg)$ { }
            location ~* \.PNG$ { }
            location /nest { location /nest/in { } location ~ x$ { } }
            location /gate/ { proxy_pass http://127.0.0.1:8081; }
            location /both/ { proxy_pass http://127.0.0.1:8081; }
            location = /both { }
            location ~ ^/gate$ { }
            location ~ ^/user/(?<who>\w+)$ { }
        }
        """);

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/other", "/")]
    [InlineData("/longer", "/longer")]
    [InlineData("/longers", "/longer")]
    [InlineData("/longer/stil", "/longer")]
    [InlineData("/longer/still/x", "/longer/still")]
    [InlineData("/longer/exact", "/longer/exact")]
    [InlineData("/longer/exact/", "/longer")]
    [InlineData("/LONGER", "/")]
    public void The_longest_prefix_answers(string uri, string name) => Find(uri).ShouldBe(name);

    [Theory]
    [InlineData("/a.gif", @"\.(gif|jpg)$")]
    [InlineData("/longer/a.jpg", @"\.(gif|jpg)$")]
    [InlineData("/a.GIF", "/")]
    [InlineData("/a.png", @"\.PNG$")]
    public void A_pattern_goes_before_a_prefix(string uri, string name) => Find(uri).ShouldBe(name);

    [Fact]
    public void A_final_prefix_goes_before_patterns() => Find("/images/a.gif").ShouldBe("/images/");

    [Fact]
    public void A_longer_prefix_lets_patterns_in_again() => Find("/images/special/a.jpg").ShouldBe(@"\.(gif|jpg)$");

    [Theory]
    [InlineData("/nest/other", "/nest")]
    [InlineData("/nest/in", "/nest/in")]
    [InlineData("/nest/inx", "x$")]
    [InlineData("/nest/a.gif", @"\.(gif|jpg)$")]
    [InlineData("/images/special/a.gif", @"\.gif$")]
    public void Nested_locations_are_asked_from_the_inside_out(string uri, string name) => Find(uri).ShouldBe(name);

    [Fact]
    public void A_gate_asked_for_without_its_slash_redirects_before_any_pattern()
    {
        Find("/gate", out var redirects).ShouldBe("/gate/");
        redirects.ShouldBeTrue();
    }

    [Fact]
    public void An_exact_location_answers_where_a_redirect_would()
    {
        Find("/both", out var redirects).ShouldBe("/both");
        redirects.ShouldBeFalse();
    }

    [Fact]
    public void A_pattern_leaves_its_captures()
    {
        var exchange = _client.Begin();
        exchange.Uri = new Bytes("/user/me"u8.ToArray());
        LocationSearch.Find(exchange, out _);
        exchange.Captures!.Groups[1].Value.ShouldBe("me");
        exchange.Generation.Http.Variables.TryGetIndex("who", out var index).ShouldBeTrue();
        exchange.Slot(index).Value.ToString().ShouldBe("me");
    }

    private string Find(string uri) => Find(uri, out _);

    private string Find(string uri, out bool redirects)
    {
        var exchange = _client.Begin();
        exchange.Uri = new Bytes(Encoding.Latin1.GetBytes(uri));
        return LocationSearch.Find(exchange, out redirects).Name;
    }

    public void Dispose() => _client.Dispose();
}
