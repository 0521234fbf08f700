using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>A cookie's value, as nginx finds it.</summary>
internal static class CookieText
{
    /// <summary>Among Cookie lines (<c>ngx_http_parse_multi_header_lines</c>).</summary>
    public static Bytes Sent(HeaderList headers, ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            if (!field.Name.EqualsIgnoreCase("Cookie"u8) || field.Value.Length < name.Length)
            {
                continue;
            }
            for (var at = 0; at < field.Value.Length;)
            {
                if (TryRead(field.Value, ref at, name, out var value))
                {
                    return value;
                }
                // The character that was no equals sign is used up, even when it is the separator: "a; b=1" has no $cookie_b
                // for one who asks for $cookie_a first, and nginx asks so.
                var rest = field.Value.Span[at..];
                at = rest.IndexOf((byte)';') is var end and >= 0 ? at + end + 1 : field.Value.Length;
                SkipSpaces(field.Value, ref at);
            }
        }
        return default;
    }

    /// <summary>Among Set-Cookie lines (<c>ngx_http_parse_set_cookie_lines</c>): attributes are no cookies.</summary>
    public static Bytes Set(HeaderList headers, ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            var at = 0;
            if (field.Name.EqualsIgnoreCase("Set-Cookie"u8) && TryRead(field.Value, ref at, name, out var value))
            {
                return value;
            }
        }
        return default;
    }

    private static bool TryRead(Bytes line, ref int at, ReadOnlySpan<byte> name, out Bytes value)
    {
        value = default;
        if (line.Length - at < name.Length || !Ascii.EqualsIgnoreCase(line.Span.Slice(at, name.Length), name))
        {
            return false;
        }
        at += name.Length;
        SkipSpaces(line, ref at);
        if (at == line.Length || line.Span[at++] != '=')
        {
            return false;
        }
        SkipSpaces(line, ref at);
        var end = line.Span[at..].IndexOf((byte)';');
        value = line.Slice(at, end < 0 ? line.Length - at : end);
        return true;
    }

    private static void SkipSpaces(Bytes line, ref int at)
    {
        while (at < line.Length && line.Span[at] == ' ')
        {
            at++;
        }
    }
}
