using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_cookie_domain and proxy_cookie_path: attributes of a Set-Cookie line.</summary>
internal static class Cookies
{
    public static Bytes Rewrite(Passing passing, Bytes cookie)
    {
        var settings = passing.Settings;
        if (settings.CookieDomains.Count == 0 && settings.CookiePaths.Count == 0)
        {
            return cookie;
        }
        // The first piece is the cookie itself; attributes follow.
        var at = cookie.Span.IndexOf((byte)';');
        while (at >= 0 && at < cookie.Length)
        {
            var start = at + 1;
            while (start < cookie.Length && cookie.Span[start] == ' ')
            {
                start++;
            }
            var end = cookie.Span[start..].IndexOf((byte)';') is var next and >= 0 ? start + next : cookie.Length;
            cookie = RewriteAttribute(passing, cookie, start, ref end);
            at = end;
        }
        return cookie;
    }

    private static Bytes RewriteAttribute(Passing passing, Bytes cookie, int start, ref int end)
    {
        var attribute = cookie.Slice(start, end - start);
        var equals = attribute.Span.IndexOf((byte)'=');
        if (equals < 0)
        {
            return cookie;
        }
        var name = attribute.Slice(0, equals);
        var value = attribute.Slice(equals + 1, attribute.Length - equals - 1);
        Bytes rewritten;
        if (name.EqualsIgnoreCase("domain"u8))
        {
            // As nginx: a dot in front means the same domain.
            var dot = !value.IsEmpty && value.Span[0] == '.' ? 1 : 0;
            rewritten = Redirects.Apply(passing, passing.Settings.CookieDomains, value.Slice(dot, value.Length - dot), wholeOnly: true);
        }
        else if (name.EqualsIgnoreCase("path"u8))
        {
            rewritten = Redirects.Apply(passing, passing.Settings.CookiePaths, value, wholeOnly: false);
        }
        else
        {
            return cookie;
        }
        if (rewritten.IsNull)
        {
            return cookie;
        }
        var valueStart = start + equals + 1;
        var result = Redirects.Join(passing.Exchange, cookie.Span[..valueStart], rewritten, cookie.Span[end..]);
        end = valueStart + rewritten.Length;
        return result;
    }
}
