using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace Countersign.Refusals;

/// <summary>GeneralName of RFC 5280, as OpenSSL prints them: <c>DNS:a</c>, <c>IP:192.0.2.1</c>.</summary>
internal static class GeneralNameReader
{
    public const int MaximumNames = 1000;

    public static AlternativeNameFacts Read(ReadOnlyMemory<byte> extension)
    {
        List<string> dns = [], uri = [], email = [], ip = [];
        var others = 0;
        var names = new AsnReader(extension, AsnEncodingRules.BER).ReadSequence();
        for (var count = 0; names.HasData; count++)
        {
            var (kind, text) = One(names.ReadEncodedValue());
            var list = kind switch { "DNS" => dns, "URI" => uri, "email" => email, "IP" => ip, _ => null };
            if (list is null || count >= MaximumNames)
            {
                others++;
                continue;
            }
            list.Add(text);
        }
        return new AlternativeNameFacts(dns, uri, email, ip, others);
    }

    /// <summary>Kind and text of one name; an address with a mask as <c>192.0.2.0/24</c>.</summary>
    public static (string Kind, string Text) One(ReadOnlyMemory<byte> value)
    {
        var tag = Asn1Tag.Decode(value.Span, out _);
        if (tag.TagClass != TagClass.ContextSpecific)
        {
            throw new AsnContentException();
        }
        switch (tag.TagValue)
        {
            case 1 or 2 or 6:
                var text = Encoding.Latin1.GetString(AsnDecoder.ReadOctetString(value.Span, AsnEncodingRules.BER, out _, tag));
                return (tag.TagValue switch { 1 => "email", 2 => "DNS", _ => "URI" }, text);
            case 7:
                return ("IP", Address(AsnDecoder.ReadOctetString(value.Span, AsnEncodingRules.BER, out _, tag)));
            case 4:
                AsnDecoder.ReadSequence(value.Span, AsnEncodingRules.BER, out var offset, out var length, out _, tag);
                return ("DirName", NameReader.Read(value.Slice(offset, length)).Text);
            default:
                return ("othername", "");
        }
    }

    public static IReadOnlyList<string> Subtrees(AsnReader subtrees)
    {
        var result = new List<string>();
        while (subtrees.HasData && result.Count < MaximumNames)
        {
            var (kind, text) = One(subtrees.ReadSequence().ReadEncodedValue());
            result.Add($"{kind}:{text}");
        }
        return result;
    }

    private static string Address(byte[] octets) => octets.Length switch
    {
        4 or 16 => new IPAddress(octets).ToString(),
        8 or 32 => $"{new IPAddress(octets.AsSpan(0, octets.Length / 2))}/{Bits(octets.AsSpan(octets.Length / 2))}",
        _ => Convert.ToHexString(octets),
    };

    private static int Bits(ReadOnlySpan<byte> mask)
    {
        var bits = 0;
        foreach (var octet in mask)
        {
            bits += int.PopCount(octet);
        }
        return bits;
    }
}
