using System.Text;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class ProxyUrlTests
{
    [Theory]
    [InlineData("http://app", "app", "", "app", "80", "")]
    [InlineData("HTTP://App:8080/x?y", "App", "", "App:8080", "8080", "/x?y")]
    [InlineData("http://app:80/", "app", "", "app", "80", "/")]
    [InlineData("https://app:443", "app", "", "app", "443", "")]
    [InlineData("https://app?y", "app", "", "app", "443", "/?y")]
    [InlineData("http://app?y/z", "app", "", "app", "80", "/?y/z")]
    [InlineData("http://127.0.0.1:81/", "127.0.0.1", "127.0.0.1:81", "127.0.0.1:81", "81", "/")]
    [InlineData("http://[::1]:81/", "[::1]", "[::1]:81", "[::1]:81", "81", "/")]
    [InlineData("http://[::1]", "[::1]", "[::1]:80", "[::1]", "80", "")]
    [InlineData("http://unix:/run/x:/base/", "/run/x", "/run/x", "localhost", "", "/base/")]
    [InlineData("http://1.2.3", "1.2.3", "", "1.2.3", "80", "")]
    public void A_url_is_taken_apart(string url, string host, string endPoint, string hostHeader, string port, string uri)
    {
        ProxyUrl.TryParse(Of(url), out var parsed, out _).ShouldBeTrue();
        parsed.Host.ShouldBe(host);
        (parsed.EndPoint?.ToString() ?? "").ShouldBe(endPoint);
        parsed.HostHeader.ToString().ShouldBe(hostHeader);
        parsed.Port.ToString().ShouldBe(port);
        parsed.Uri.ToString().ShouldBe(uri);
    }

    [Theory]
    [InlineData("", "invalid URL prefix in \"\"")]
    [InlineData("http://", "invalid URL prefix in \"http://\"")]
    [InlineData("ftp://app/", "invalid URL prefix in \"ftp://app/\"")]
    [InlineData("http:///x", "no host in upstream \"/x\"")]
    [InlineData("http://:80/x", "no host in upstream \":80/x\"")]
    [InlineData("http://app:/x", "invalid port in upstream \"app:/x\"")]
    [InlineData("http://app:0/x", "invalid port in upstream \"app:0/x\"")]
    [InlineData("http://app:65536", "invalid port in upstream \"app:65536\"")]
    [InlineData("http://[::1/x", "invalid host in upstream \"[::1/x\"")]
    [InlineData("http://[::1]x", "invalid host in upstream \"[::1]x\"")]
    [InlineData("http://[x]/", "invalid IPv6 address in upstream \"[x]/\"")]
    [InlineData("http://unix:", "no path in the unix domain socket in upstream \"unix:\"")]
    public void A_wrong_one_is_refused_in_nginx_words(string url, string text)
    {
        ProxyUrl.TryParse(Of(url), out _, out var error).ShouldBeFalse();
        error.ShouldBe(text);
    }

    private static Bytes Of(string text) => new(Encoding.Latin1.GetBytes(text));
}
