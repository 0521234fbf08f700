using System.Buffers;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Watch;

/// <summary>One line of an access log, in a buffer that is used again and again.</summary>
internal sealed class LogLine
{
    private static readonly SearchValues<byte> EscapedByDefault = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\', .. Enumerable.Range(127, 129).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> EscapedInJson = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>A variable that is not found is a dash, or nothing under the other ways to escape.</summary>
    public void Compose(Exchange exchange, LogFormatPlan format)
    {
        _length = 0;
        foreach (ref readonly var part in format.Value.Parts.AsSpan())
        {
            if (part.Literal is { } literal)
            {
                Add(literal);
                continue;
            }
            var value = part.Variable >= 0 ? Values.Variable(exchange, part.Variable) : default;
            switch (format.Escape)
            {
                case LogEscape.Default when value.IsNull:
                    Add("-"u8);
                    break;
                case LogEscape.Default:
                    AddEscaped(value.Span, EscapedByDefault, isJson: false);
                    break;
                case LogEscape.Json:
                    AddEscaped(value.Span, EscapedInJson, isJson: true);
                    break;
                case LogEscape.None:
                    Add(value.Span);
                    break;
            }
        }
        Add("\n"u8);
    }

    private void AddEscaped(ReadOnlySpan<byte> value, SearchValues<byte> escaped, bool isJson)
    {
        for (int at; (at = value.IndexOfAny(escaped)) >= 0; value = value[(at + 1)..])
        {
            Add(value[..at]);
            if (isJson)
            {
                AddJson(value[at]);
            }
            else
            {
                Add("\\x"u8);
                AddHex(value[at], "0123456789ABCDEF"u8);
            }
        }
        Add(value);
    }

    /// <summary>As <c>ngx_escape_json</c>.</summary>
    private void AddJson(byte b)
    {
        switch (b)
        {
            case (byte)'"':
                Add("\\\""u8);
                break;
            case (byte)'\\':
                Add("\\\\"u8);
                break;
            case (byte)'\n':
                Add("\\n"u8);
                break;
            case (byte)'\r':
                Add("\\r"u8);
                break;
            case (byte)'\t':
                Add("\\t"u8);
                break;
            case (byte)'\b':
                Add("\\b"u8);
                break;
            case (byte)'\f':
                Add("\\f"u8);
                break;
            default:
                Add("\\u00"u8);
                AddHex(b, "0123456789ABCDEF"u8);
                break;
        }
    }

    private void AddHex(byte b, ReadOnlySpan<byte> digits) => Add([digits[b >> 4], digits[b & 15]]);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        }
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
