using System.Formats.Asn1;

namespace Countersign.Refusals;

/// <summary>In what two names that mean the same differ: string types, letters, spaces.</summary>
internal static class NameDifference
{
    /// <summary><c>PrintableString "Example" in the certificate, UTF8String "Example" in the list</c></summary>
    public static string Of(DistinguishedName certificate, DistinguishedName listed)
    {
        var (left, right) = (Values(certificate), Values(listed));
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (left[i] != right[i])
            {
                return $"{left[i]} in the certificate, {right[i]} in the list";
            }
        }
        return "the attributes are grouped in another way";
    }

    private static List<string> Values(DistinguishedName name)
    {
        var values = new List<string>();
        try
        {
            var sets = new AsnReader(name.Raw, AsnEncodingRules.BER).ReadSequence();
            while (sets.HasData)
            {
                var set = sets.ReadSetOf(skipSortOrderValidation: true);
                while (set.HasData)
                {
                    var attribute = set.ReadSequence();
                    attribute.ReadObjectIdentifier();
                    values.Add(Value(attribute.ReadEncodedValue()));
                }
            }
        }
        catch (AsnContentException)
        {
            // What has been read until here is all that can be compared.
            return values;
        }
        return values;
    }

    private static string Value(ReadOnlyMemory<byte> value)
    {
        var tag = Asn1Tag.Decode(value.Span, out _);
        var type = (UniversalTagNumber)tag.TagValue;
        if (tag.TagClass != TagClass.Universal || !AsnDecoder.TryReadPrimitiveCharacterStringBytes(value.Span, AsnEncodingRules.BER, tag, out var content, out _))
        {
            return "0x" + Convert.ToHexStringLower(value.Span);
        }
        var text = type == UniversalTagNumber.BMPString ? System.Text.Encoding.BigEndianUnicode.GetString(content) : System.Text.Encoding.UTF8.GetString(content);
        return $"{type} {Phrase.Quoted(text)}";
    }
}
