using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_redirect: what a backend calls itself becomes what the client calls us.</summary>
internal static class Redirects
{
    /// <returns>The rewritten URL, or null bytes when no rule fits.</returns>
    public static Bytes Apply(Passing passing, Bytes url) =>
        passing.Settings.Redirects is { } rules ? Apply(passing.Exchange, rules, url, wholeOnly: false) : default;

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

    /// <param name="wholeOnly">A constant has to be all of the text, but for a dot in front, and its case says nothing (proxy_cookie_domain);
    /// otherwise its beginning.</param>
    /// <returns>Null bytes when no rule fits.</returns>
    public static Bytes Apply(Exchange exchange, IReadOnlyList<ProxyRedirect> rules, Bytes text, bool wholeOnly)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            var rule = rules[index];
            if (rule.Pattern is { } pattern)
            {
                if (PatternMatch.Test(exchange, pattern, text))
                {
                    // As nginx: the replacement stands for the whole text, wherever in it the pattern was found.
                    return Values.Evaluate(exchange, rule.To);
                }
                continue;
            }
            var from = Values.Evaluate(exchange, rule.From!);
            var dot = wholeOnly && !text.IsEmpty && text.Span[0] == '.' ? 1 : 0;
            var subject = text.Span[dot..];
            if (wholeOnly ? Ascii.EqualsIgnoreCase(subject, from) : subject.StartsWith(from.Span))
            {
                return Join(exchange, text.Span[..dot], Values.Evaluate(exchange, rule.To), subject[from.Length..]);
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
