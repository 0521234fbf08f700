using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Text;

namespace Countersign.Refusals;

/// <summary>Names of RFC 5280, with the texts that <c>openssl x509 -nameopt RFC2253</c> prints.</summary>
internal static class NameReader
{
    private const int MaximumAttributes = 64;

    /// <exception cref="AsnContentException">for what is no name.</exception>
    public static DistinguishedName Read(ReadOnlyMemory<byte> der)
    {
        var sets = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        var texts = new List<string>();
        var attributes = new List<NameAttribute>();
        var canonical = new StringBuilder();
        while (sets.HasData)
        {
            var set = sets.ReadSetOf(skipSortOrderValidation: true);
            var parts = new List<string>();
            while (set.HasData)
            {
                if (attributes.Count == MaximumAttributes)
                {
                    // What is left out is still part of what the name is.
                    return new DistinguishedName(der, $"{Joined(texts, ',')},...", canonical.Append('!').Append(Convert.ToHexString(der.Span)).ToString()) { Attributes = attributes };
                }
                var attribute = set.ReadSequence();
                var type = ObjectReader.Read(attribute);
                var value = attribute.ReadEncodedValue();
                var text = Text(value, out var isFolded);
                parts.Add(Part(type, text, value));
                attributes.Add(new NameAttribute(type, text ?? ""));
                var same = isFolded && text is not null ? Folded(text) : Convert.ToHexString(value.Span);
                // With its length, no value can look like two attributes.
                canonical.Append(type).Append(isFolded ? '=' : '#').Append(same.Length).Append(':').Append(same).Append(set.HasData ? '+' : '\n');
            }
            texts.Add(Joined(parts, '+'));
        }
        return new DistinguishedName(der, Joined(texts, ','), canonical.ToString()) { Attributes = attributes };
    }

    // The last one first.
    private static string Joined(List<string> parts, char separator)
    {
        parts.Reverse();
        return string.Join(separator, parts);
    }

    // A type without a name of its own is followed by its value in hexadecimal, as RFC 2253 wants it.
    private static string Part(string type, string? text, ReadOnlyMemory<byte> value) => AttributeNames.Of(type) is { } name
        ? $"{name}={(text is null ? "#" + Convert.ToHexString(value.Span) : Escaped(text))}"
        : $"{type}=#{Convert.ToHexString(value.Span)}";

    /// <param name="isFolded">OpenSSL compares values of this type without case and runs of spaces.</param>
    /// <returns>Null for a type that is no text.</returns>
    private static string? Text(ReadOnlyMemory<byte> value, out bool isFolded)
    {
        var tag = Asn1Tag.Decode(value.Span, out _);
        var type = (UniversalTagNumber)tag.TagValue;
        isFolded = tag.TagClass == TagClass.Universal && type is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
            or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString or UniversalTagNumber.T61String or UniversalTagNumber.BMPString or UniversalTagNumber.UniversalString;
        if ((!isFolded && type != UniversalTagNumber.NumericString) || tag.TagClass != TagClass.Universal
            || !AsnDecoder.TryReadPrimitiveCharacterStringBytes(value.Span, AsnEncodingRules.BER, tag, out var content, out _))
        {
            return null;
        }
        return type switch
        {
            UniversalTagNumber.UTF8String => Encoding.UTF8.GetString(content),
            UniversalTagNumber.BMPString => Encoding.BigEndianUnicode.GetString(content),
            UniversalTagNumber.UniversalString => Universal(content),
            _ => Encoding.Latin1.GetString(content),
        };
    }

    private static string Universal(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder();
        for (; content.Length >= 4; content = content[4..])
        {
            var code = BinaryPrimitives.ReadUInt32BigEndian(content);
            text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD");
        }
        return text.ToString();
    }

    // RFC 2253, and as nginx's flags have it what is not ASCII as \XX of its UTF-8.
    private static string Escaped(string text)
    {
        const string Digits = "0123456789ABCDEF";
        var result = new StringBuilder(text.Length);
        Span<byte> octets = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var symbol = text[i];
            if (symbol is ',' or '+' or '"' or '\\' or '<' or '>' or ';' || (i == 0 && symbol is ' ' or '#') || (i == text.Length - 1 && symbol == ' '))
            {
                result.Append('\\').Append(symbol);
            }
            else if (symbol is >= ' ' and < '\x7f')
            {
                result.Append(symbol);
            }
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
                foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
                {
                    result.Append('\\').Append(Digits[octet >> 4]).Append(Digits[octet & 15]);
                }
                i += length - 1;
            }
        }
        return result.ToString();
    }

    // asn1_string_canon: ASCII without case, spaces at the ends dropped, runs of them as one.
    private static string Folded(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var symbol in text.AsSpan().Trim(" \t\n\v\f\r"))
        {
            if (symbol is ' ' or (>= '\t' and <= '\r'))
            {
                if (result.Length == 0 || result[^1] != ' ')
                {
                    result.Append(' ');
                }
            }
            else
            {
                result.Append(char.IsAscii(symbol) ? char.ToLowerInvariant(symbol) : symbol);
            }
        }
        return result.ToString();
    }
}
