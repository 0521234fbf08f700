using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>A URI that a backend gave (X-Accel-Redirect): taken apart and refused where it climbs (<c>ngx_http_parse_unsafe_uri</c>).</summary>
internal static class UnsafeUri
{
    public static bool TryParse(Exchange exchange, Bytes text, out Bytes uri, out Bytes arguments)
    {
        var question = text.Span.IndexOf((byte)'?');
        arguments = question < 0 ? default : text.Slice(question + 1, text.Length - question - 1);
        uri = Unescape(exchange, question < 0 ? text : text.Slice(0, question));
        if (uri.IsEmpty || uri.Span.Contains((byte)0) || Climbs(uri))
        {
            exchange.Log.Write(LogLevel.Error, $"unsafe URI \"{text}\" was detected");
            return false;
        }
        return true;
    }

    private static bool Climbs(ReadOnlySpan<byte> path)
    {
        foreach (var range in path.Split((byte)'/'))
        {
            if (path[range].SequenceEqual(".."u8))
            {
                return true;
            }
        }
        return false;
    }

    private static Bytes Unescape(Exchange exchange, Bytes text)
    {
        if (!text.Span.Contains((byte)'%'))
        {
            return text;
        }
        var result = exchange.Arena.Allocate(text.Length, out var bytes);
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var b = text.Span[at];
            if (b == '%' && at + 2 < text.Length && byte.TryParse(text.Span.Slice(at + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                b = value;
                at += 2;
            }
            result[length++] = b;
        }
        return bytes.Slice(0, length);
    }
}
