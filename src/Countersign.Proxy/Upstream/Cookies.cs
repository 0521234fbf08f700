using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_cookie_domain, proxy_cookie_path and proxy_cookie_flags: attributes of a Set-Cookie line (<c>ngx_http_proxy_rewrite_cookie</c>).</summary>
internal static class Cookies
{
    /// <param name="Value">Null bytes for an attribute without an equals sign.</param>
    public readonly record struct Attribute(Bytes Name, Bytes Value)
    {
        public int Length => Name.Length + (Value.IsNull ? 0 : 1 + Value.Length);
    }

    /// <returns>The line as it came, where no rule fits.</returns>
    public static Bytes Rewrite(Passing passing, Bytes cookie)
    {
        var settings = passing.Settings;
        if (settings.CookieDomains.Count == 0 && settings.CookiePaths.Count == 0 && settings.CookieFlags.Count == 0)
        {
            return cookie;
        }
        var attributes = Parse(cookie);
        if (attributes[0].Value.IsNull)
        {
            return cookie;
        }
        var changed = false;
        for (var index = 1; index < attributes.Count; index++)
        {
            var (name, value) = attributes[index];
            if (value.IsNull)
            {
                continue;
            }
            Bytes rewritten = default;
            if (name.EqualsIgnoreCase("domain"u8))
            {
                rewritten = Redirects.Apply(passing.Exchange, settings.CookieDomains, value, wholeOnly: true);
            }
            else if (name.EqualsIgnoreCase("path"u8))
            {
                rewritten = Redirects.Apply(passing.Exchange, settings.CookiePaths, value, wholeOnly: false);
            }
            if (!rewritten.IsNull)
            {
                attributes[index] = new Attribute(name, rewritten);
                changed = true;
            }
        }
        changed |= CookieFlagRules.Apply(passing, attributes);
        return changed ? Join(passing.Exchange, attributes) : cookie;
    }

    /// <summary>The cookie itself, then its attributes, without the spaces around names and values.</summary>
    private static List<Attribute> Parse(Bytes cookie)
    {
        var attributes = new List<Attribute>();
        foreach (var range in cookie.Span.Split((byte)';'))
        {
            var (start, length) = range.GetOffsetAndLength(cookie.Length);
            var piece = cookie.Slice(start, length);
            var equals = piece.Span.IndexOf((byte)'=');
            attributes.Add(equals < 0
                ? new Attribute(Trim(piece), default)
                : new Attribute(Trim(piece.Slice(0, equals)), Trim(piece.Slice(equals + 1, piece.Length - equals - 1))));
        }
        return attributes;
    }

    private static Bytes Trim(Bytes text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && text.Span[start] == ' ')
        {
            start++;
        }
        while (end > start && text.Span[end - 1] == ' ')
        {
            end--;
        }
        return text.Slice(start, end - start);
    }

    private static Bytes Join(Exchange exchange, List<Attribute> attributes)
    {
        var joined = exchange.Arena.Allocate(attributes.Sum(attribute => attribute.Length) + (2 * (attributes.Count - 1)), out var bytes);
        foreach (var (name, value) in attributes)
        {
            if (joined.Length < bytes.Length)
            {
                "; "u8.CopyTo(joined);
                joined = joined[2..];
            }
            name.Span.CopyTo(joined);
            joined = joined[name.Length..];
            if (!value.IsNull)
            {
                joined[0] = (byte)'=';
                value.Span.CopyTo(joined[1..]);
                joined = joined[(value.Length + 1)..];
            }
        }
        return bytes;
    }
}
