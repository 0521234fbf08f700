using System.Buffers.Text;
using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Shapes that many variables share.</summary>
internal static class VariableText
{
    public static readonly Bytes Empty = new([]);

    public static Bytes Constant(string text) => new(Encoding.Latin1.GetBytes(text));

    public static Bytes Number(Exchange exchange, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(number, digits, out var count);
        return exchange.Arena.Copy(digits[..count]);
    }

    public static Bytes Seconds(Exchange exchange, long milliseconds)
    {
        var text = new ArenaText(exchange.Arena);
        text.AddSeconds(Math.Max(0, milliseconds));
        return text.ToBytes();
    }

    public static Bytes Latin(Exchange exchange, string text)
    {
        Encoding.Latin1.GetBytes(text, exchange.Arena.Allocate(text.Length, out var bytes));
        return bytes;
    }

    /// <summary>Null bytes instead of an empty value.</summary>
    public static Bytes OrNotFound(Bytes bytes) => bytes.IsEmpty ? default : bytes;

    /// <summary>Header lines of that name (a variable's spelling: lower case, underscores), joined as nginx joins them.</summary>
    public static Bytes Join(Exchange exchange, HeaderList headers, byte[] name, ReadOnlySpan<byte> separator)
    {
        var first = -1;
        var several = false;
        for (var index = 0; index < headers.Count; index++)
        {
            if (IsNamed(headers[index].Name, name))
            {
                several |= first >= 0;
                first = first < 0 ? index : first;
            }
        }
        if (first < 0)
        {
            return default;
        }
        if (!several)
        {
            return headers[first].Value;
        }
        var text = new ArenaText(exchange.Arena);
        for (var index = first; index < headers.Count; index++)
        {
            if (IsNamed(headers[index].Name, name))
            {
                text.Add(index == first ? default : separator);
                text.Add(headers[index].Value);
            }
        }
        return text.ToBytes();
    }

    private static bool IsNamed(Bytes header, byte[] name)
    {
        if (header.Length != name.Length)
        {
            return false;
        }
        var span = header.Span;
        for (var at = 0; at < span.Length; at++)
        {
            var b = span[at];
            b = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b == '-' ? (byte)'_' : b;
            if (b != name[at])
            {
                return false;
            }
        }
        return true;
    }
}
