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
        List<DistinguishedName> directory = [];
        var others = 0;
        var names = new AsnReader(extension, AsnEncodingRules.BER).ReadSequence();
        for (var count = 0; names.HasData; count++)
        {
            if (count >= MaximumNames)
            {
                names.ReadEncodedValue();
                others++;
                continue;
            }
            var name = One(names.ReadEncodedValue());
            switch (name)
            {
                case { Directory: { } entry }:
                    directory.Add(entry);
                    break;
                case { Kind: "DNS" or "URI" or "email" or "IP" }:
                    (name.Kind switch { "DNS" => dns, "URI" => uri, "email" => email, _ => ip }).Add(name.Text);
                    break;
                default:
                    others++;
                    break;
            }
        }
        return new AlternativeNameFacts(dns, uri, email, ip, others) { Directory = directory };
    }

    /// <summary>One name; an address with a mask as <c>192.0.2.0/24</c>.</summary>
    public static GeneralName One(ReadOnlyMemory<byte> value)
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
                return new(tag.TagValue switch { 1 => "email", 2 => "DNS", _ => "URI" }, text);
            case 7:
                var octets = AsnDecoder.ReadOctetString(value.Span, AsnEncodingRules.BER, out _, tag);
                return new("IP", Address(octets)) { Octets = octets };
            case 4:
                AsnDecoder.ReadSequence(value.Span, AsnEncodingRules.BER, out var offset, out var length, out _, tag);
                var name = NameReader.Read(value.Slice(offset, length));
                return new("DirName", name.Text) { Directory = name };
            default:
                return new("othername", "");
        }
    }

    public static IReadOnlyList<GeneralName> Subtrees(AsnReader subtrees)
    {
        var result = new List<GeneralName>();
        while (subtrees.HasData && result.Count < MaximumNames)
        {
            result.Add(One(subtrees.ReadSequence().ReadEncodedValue()));
        }
        return result;
    }

    private static string Address(byte[] octets) => octets.Length switch
    {
        4 or 16 => new IPAddress(octets).ToString(),
        8 or 32 => $"{new IPAddress(octets.AsSpan(0, octets.Length / 2))}/{Mask(octets.AsSpan(octets.Length / 2))}",
        _ => Convert.ToHexString(octets.AsSpan(0, Math.Min(octets.Length, 32))),
    };

    /// <summary>Its length where its ones come first, otherwise as an address.</summary>
    private static string Mask(ReadOnlySpan<byte> mask)
    {
        var (bits, isEnded) = (0, false);
        foreach (var octet in mask)
        {
            var ones = byte.LeadingZeroCount((byte)~octet);
            if ((isEnded && octet != 0) || byte.PopCount(octet) != ones)
            {
                return new IPAddress(mask).ToString();
            }
            bits += ones;
            isEnded |= ones < 8;
        }
        return bits.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
