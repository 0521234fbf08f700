using System.Text;

namespace Countersign.Configuration;

/// <summary>
/// A directive's argument that may mention variables, compiled: nginx's <c>ngx_http_complex_value_t</c>.
/// Text in a plan is bytes in disguise: every <see cref="char"/> of a configuration string is one byte (Latin-1), so what
/// the file holds reaches the wire unchanged whatever its encoding. <see cref="ByteText"/> converts.
/// </summary>
public sealed class ComplexValue
{
    public ComplexValue(string source, IReadOnlyList<ValuePart> parts)
    {
        Source = source;
        Parts = [.. parts];
        if (Parts.Length == 0)
        {
            Constant = [];
        }
        else if (Parts is [{ Literal: { } only }])
        {
            Constant = only;
        }
    }

    /// <summary>The argument as it stands in the file.</summary>
    public string Source { get; }

    public ValuePart[] Parts { get; }

    /// <summary>The value's bytes when no variable takes part in it, otherwise null.</summary>
    public byte[]? Constant { get; }

    public static ComplexValue Literal(string text) =>
        new(text, text.Length == 0 ? [] : [new ValuePart { Literal = ByteText.ToBytes(text) }]);

    public override string ToString() => Source;
}

/// <summary>One piece of a <see cref="ComplexValue"/>: exactly one of literal bytes, a variable, a regex capture.</summary>
public readonly struct ValuePart
{
    public ValuePart() { }

    public byte[]? Literal { get; init; }

    /// <summary>Index into <see cref="VariableTable.Names"/>, or -1.</summary>
    public int Variable { get; init; } = -1;

    /// <summary>1 to 9 for <c>$1</c> to <c>$9</c>, or 0.</summary>
    public int Capture { get; init; }

    /// <summary><c>$args</c> and <c>$is_args</c> etc. are ordinary variables; this is only the marker nginx keeps for the
    /// replacement of a <c>rewrite</c>: everything after the first <c>?</c> is arguments.</summary>
    public bool StartsArguments { get; init; }
}

/// <summary>Bytes of configuration text and back: one char is one byte.</summary>
public static class ByteText
{
    public static byte[] ToBytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The text as a person or the file system reads it: the bytes taken as UTF-8.</summary>
    public static string ToUnicode(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    public static string FromUnicode(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
