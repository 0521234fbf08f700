using System.Text;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class UriTextTests
{
    [Theory]
    [InlineData("/plain/path", "/plain/path")]
    [InlineData("/a b?c#d%e", "/a%20b%3Fc%23d%25e")]
    [InlineData("/\u00e4&+;", "/%E4&+;")]
    public void A_path_is_escaped_where_it_must_be(string path, string expected) =>
        UriText.EscapePath(new Arena(), Latin(path)).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("a&b+c;d", "a%26b%2Bc%3Bd")]
    [InlineData("/x y", "/x%20y")]
    public void Arguments_escape_their_separators_too(string text, string expected) =>
        Encoding.Latin1.GetString(UriText.EscapeArguments(Latin(text).Span)).ShouldBe(expected);

    [Theory]
    [InlineData("/a%41b", "/aAb")]
    [InlineData("/a%20b%25%7f", "/a%20b%25%7f")]
    [InlineData("/a%3fb%41", "/a?b%41")]
    [InlineData("/a?b%41", "/a?b%41")]
    [InlineData("/a%zb", "/azb")]
    public void A_redirect_s_path_is_unescaped_where_that_changes_nothing(string text, string expected) =>
        UriText.UnescapeRedirect(new Arena(), Latin(text).Span).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("/a.txt", "txt")]
    [InlineData("/a.tar.gz", "gz")]
    [InlineData("/a.b/c", "")]
    [InlineData("/.hidden", "")]
    [InlineData("/d/.hidden", "")]
    [InlineData("/a.", "")]
    public void An_extension_stands_behind_the_last_dot(string uri, string expected) =>
        Encoding.Latin1.GetString(MediaType.Extension(Latin(uri).Span)).ShouldBe(expected);

    [Theory]
    [InlineData("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", true, true, false, false)]
    [InlineData("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", true, false, false, false)]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", false, false, true, false)]
    [InlineData("Mozilla/5.0 (Macintosh; Mac OS X) Version/17 Safari/605", false, false, false, true)]
    [InlineData("Opera/9.80 MSIE 6.0; Windows", false, false, false, false)]
    [InlineData("curl/8", false, false, false, false)]
    public void Browsers_are_told_apart(string agent, bool msie, bool msie6, bool chrome, bool safari) =>
        UserAgent.Parse(Latin(agent).Span).ShouldBe(new UserAgent(msie, msie6, chrome, safari));

    private static Bytes Latin(string text) => new(Encoding.Latin1.GetBytes(text));
}
