using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_redirect: what a backend calls itself becomes what the client calls us.</summary>
internal static class Redirects
{
    /// <returns>The rewritten URL, or null bytes when no rule fits.</returns>
    public static Bytes Apply(Passing passing, Bytes url) => Apply(passing, passing.Settings.Redirects ?? [], url, wholeOnly: false);

    /// <summary>Refresh: the URL behind <c>url=</c>.</summary>
    public static Bytes Refresh(Passing passing, Bytes value)
    {
        var at = value.ToString().IndexOf("url=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return value;
        }
        at += "url=".Length;
        var rewritten = Apply(passing, value.Slice(at, value.Length - at));
        return rewritten.IsNull ? value : Join(passing.Exchange, value.Span[..at], rewritten, default);
    }

    /// <param name="wholeOnly">A constant has to be all of the text, not only its beginning (proxy_cookie_domain).</param>
    public static Bytes Apply(Passing passing, IReadOnlyList<ProxyRedirect> rules, Bytes text, bool wholeOnly)
    {
        var exchange = passing.Exchange;
        for (var index = 0; index < rules.Count; index++)
        {
            var rule = rules[index];
            if (rule.Pattern is { } pattern)
            {
                var subject = text.Span;
                if (!PatternMatch.Test(exchange, pattern, subject))
                {
                    continue;
                }
                var match = exchange.Captures!;
                return Join(exchange, subject[..match.Index], Values.Evaluate(exchange, rule.To), subject[(match.Index + match.Length)..]);
            }
            var from = Values.Evaluate(exchange, rule.From!);
            if (wholeOnly ? text.EqualsIgnoreCase(from) : text.Span.StartsWith(from.Span))
            {
                return Join(exchange, default, Values.Evaluate(exchange, rule.To), text.Span[from.Length..]);
            }
        }
        return default;
    }

    public static Bytes Join(Exchange exchange, ReadOnlySpan<byte> before, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> after)
    {
        var joined = exchange.Arena.Allocate(before.Length + middle.Length + after.Length, out var bytes);
        before.CopyTo(joined);
        middle.CopyTo(joined[before.Length..]);
        after.CopyTo(joined[(before.Length + middle.Length)..]);
        return bytes;
    }
}
