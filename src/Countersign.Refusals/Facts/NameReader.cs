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
        var canonical = new StringBuilder();
        var count = 0;
        while (sets.HasData && count < MaximumAttributes)
        {
            var set = sets.ReadSetOf(skipSortOrderValidation: true);
            var parts = new List<string>();
            while (set.HasData && count++ < MaximumAttributes)
            {
                var attribute = set.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                var value = attribute.ReadEncodedValue();
                var text = Text(value);
                parts.Insert(0, $"{ShortName(type)}={(text is null ? "#" + Convert.ToHexString(value.Span) : Escaped(text))}");
                canonical.Append(type).Append('=').Append(text is null ? Convert.ToHexString(value.Span) : Folded(text)).Append(set.HasData ? '+' : '\n');
            }
            texts.Insert(0, string.Join('+', parts));
        }
        return new DistinguishedName(der, string.Join(',', texts), canonical.ToString());
    }

    /// <returns>Null for a type that is no text.</returns>
    private static string? Text(ReadOnlyMemory<byte> value)
    {
        var tag = Asn1Tag.Decode(value.Span, out _);
        if (tag.TagClass != TagClass.Universal || !AsnDecoder.TryReadPrimitiveCharacterStringBytes(value.Span, AsnEncodingRules.BER, tag, out var content, out _))
        {
            return null;
        }
        return (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.UTF8String => Encoding.UTF8.GetString(content),
            UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.NumericString
                or UniversalTagNumber.VisibleString or UniversalTagNumber.T61String => Encoding.Latin1.GetString(content),
            UniversalTagNumber.BMPString => Encoding.BigEndianUnicode.GetString(content),
            UniversalTagNumber.UniversalString => Universal(content),
            _ => null,
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
        var result = new StringBuilder();
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
                var length = char.IsHighSurrogate(symbol) && i + 1 < text.Length ? 2 : 1;
                foreach (var octet in Encoding.UTF8.GetBytes(text.Substring(i, length)))
                {
                    result.Append('\\').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
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

    private static string ShortName(string type) => type switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.41" => "name",
        "2.5.4.42" => "GN",
        "2.5.4.43" => "initials",
        "2.5.4.44" => "generationQualifier",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.65" => "pseudonym",
        "2.5.4.97" => "organizationIdentifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "1.2.840.113549.1.9.2" => "unstructuredName",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionC",
        _ => type,
    };
}
