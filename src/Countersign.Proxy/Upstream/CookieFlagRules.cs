using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_cookie_flags: Secure, HttpOnly and SameSite are given or taken (<c>ngx_http_proxy_edit_cookie_flags</c>).</summary>
internal static class CookieFlagRules
{
    [Flags]
    private enum Wish { None = 0, Secure = 1, NoSecure = 2, HttpOnly = 4, NoHttpOnly = 8, Strict = 16, Lax = 32, SameSiteNone = 64, NoSameSite = 128 }

    private static readonly (Wish Wish, Bytes Value)[] Sites = [(Wish.Strict, Text("Strict")), (Wish.Lax, Text("Lax")), (Wish.SameSiteNone, Text("None"))];
    private static readonly Bytes SameSite = Text("SameSite");

    /// <summary>The first rule for the cookie's name holds, though it may want nothing.</summary>
    /// <returns>False when no rule fits, or the one that fits wants nothing.</returns>
    public static bool Apply(Passing passing, List<Cookies.Attribute> attributes)
    {
        foreach (var rule in passing.Settings.CookieFlags)
        {
            if (Fits(passing.Exchange, rule, attributes[0].Name))
            {
                var wishes = rule.Flags.Aggregate(Wish.None, (all, flag) => all | Named(Values.Evaluate(passing.Exchange, flag).ToString()));
                if (wishes == Wish.None)
                {
                    return false;
                }
                Edit(attributes, wishes);
                return true;
            }
        }
        return false;
    }

    private static bool Fits(Exchange exchange, CookieFlags rule, Bytes name) =>
        rule.Pattern is { } pattern ? PatternMatch.Test(exchange, pattern, name) : name.EqualsIgnoreCase(Values.Evaluate(exchange, rule.Name!).Span);

    private static Wish Named(string flag) => flag.ToLowerInvariant() switch
    {
        "secure" => Wish.Secure,
        "nosecure" => Wish.NoSecure,
        "httponly" => Wish.HttpOnly,
        "nohttponly" => Wish.NoHttpOnly,
        "samesite=strict" => Wish.Strict,
        "samesite=lax" => Wish.Lax,
        "samesite=none" => Wish.SameSiteNone,
        "nosamesite" => Wish.NoSameSite,
        _ => Wish.None,
    };

    private static void Edit(List<Cookies.Attribute> attributes, Wish wishes)
    {
        for (var index = 1; index < attributes.Count; index++)
        {
            var (name, value) = attributes[index];
            var isTaken = false;
            if (name.EqualsIgnoreCase("secure"u8))
            {
                isTaken = IsTaken(Wish.Secure, Wish.NoSecure, ref wishes);
            }
            else if (name.EqualsIgnoreCase("httponly"u8))
            {
                isTaken = IsTaken(Wish.HttpOnly, Wish.NoHttpOnly, ref wishes);
            }
            else if (name.EqualsIgnoreCase("samesite"u8))
            {
                var site = Array.Find(Sites, each => (wishes & each.Wish) != 0);
                wishes &= ~site.Wish;
                isTaken = site.Wish == Wish.None && (wishes & Wish.NoSameSite) != 0;
                if (site.Wish != Wish.None && !value.EqualsIgnoreCase(site.Value.Span))
                {
                    attributes[index] = new(SameSite, site.Value);
                }
            }
            if (isTaken)
            {
                attributes.RemoveAt(index--);
            }
        }
        Add(attributes, wishes);
    }

    /// <summary>What is wanted has been found, and is wanted no more; what is unwanted goes as often as it stands there.</summary>
    private static bool IsTaken(Wish wanted, Wish unwanted, ref Wish wishes)
    {
        if ((wishes & wanted) != 0)
        {
            wishes &= ~wanted;
            return false;
        }
        return (wishes & unwanted) != 0;
    }

    private static void Add(List<Cookies.Attribute> attributes, Wish wishes)
    {
        if ((wishes & Wish.Secure) != 0)
        {
            attributes.Add(new(Text("Secure"), default));
        }
        if ((wishes & Wish.HttpOnly) != 0)
        {
            attributes.Add(new(Text("HttpOnly"), default));
        }
        var site = Array.Find(Sites, each => (wishes & each.Wish) != 0);
        if (site.Wish != Wish.None)
        {
            attributes.Add(new(SameSite, site.Value));
        }
    }

    private static Bytes Text(string text) => new(Encoding.ASCII.GetBytes(text));
}
