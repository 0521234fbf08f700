using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>A cookie's value in header lines.</summary>
internal static class CookieText
{
    /// <param name="hasAttributes">Set-Cookie: only the first pair of a line is a cookie.</param>
    public static Bytes Find(HeaderList headers, ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, bool hasAttributes)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            if (field.Name.EqualsIgnoreCase(header) && field.Value.Length >= name.Length)
            {
                var found = In(field.Value, name, hasAttributes);
                if (!found.IsNull)
                {
                    return found;
                }
            }
        }
        return default;
    }

    /// <summary>ngx_http_parse_cookie_lines, ngx_http_parse_set_cookie_lines.</summary>
    private static Bytes In(Bytes line, ReadOnlySpan<byte> name, bool onlyFirst)
    {
        var text = line.Span;
        for (var at = 0; at < text.Length;)
        {
            if (text.Length - at >= name.Length && Ascii.EqualsIgnoreCase(text.Slice(at, name.Length), name))
            {
                at = SkipSpaces(text, at + name.Length);
                if (at == text.Length)
                {
                    return default;
                }
                if (text[at++] == '=')
                {
                    at = SkipSpaces(text, at);
                    var length = text[at..].IndexOf((byte)';');
                    return line.Slice(at, length < 0 ? text.Length - at : length);
                }
                // As nginx: when that was the semicolon itself, the pair behind it is passed over.
            }
            if (onlyFirst)
            {
                return default;
            }
            var end = text[at..].IndexOf((byte)';');
            at = end < 0 ? text.Length : SkipSpaces(text, at + end + 1);
        }
        return default;
    }

    private static int SkipSpaces(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
        return at;
    }
}
