using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Countersign.Refusals;

/// <summary>Certificate revocation lists from DER. A list may have millions of entries: they are counted and searched where they lie.</summary>
public static class CrlReader
{
    private const AsnEncodingRules Rules = AsnEncodingRules.BER;

    private static readonly Asn1Tag ExplicitExtensions = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <returns>Null for what is no list.</returns>
    public static CrlFacts? Read(ReadOnlyMemory<byte> der, string file = "")
    {
        try
        {
            var whole = new AsnReader(der, Rules).ReadSequence();
            var body = whole.ReadSequence();
            var algorithm = ObjectReader.Read(whole.ReadSequence());
            var (issuer, begin, end, update) = Start(body);
            var entries = Entries(body);
            var facts = new CrlFacts
            {
                Der = der,
                Issuer = issuer,
                ThisUpdate = begin,
                NextUpdate = end,
                Update = update,
                SignatureAlgorithm = algorithm,
                File = file,
                Count = entries.Count,
                Index = entries,
            };
            return body.HasData && body.PeekTag().HasSameClassAndValue(ExplicitExtensions)
                ? Extensions(facts, body.ReadSequence(ExplicitExtensions).ReadSequence())
                : facts;
        }
        catch (Exception fault) when (fault is AsnContentException or ArgumentException or CryptographicException or OverflowException or FormatException)
        {
            return null;
        }
    }

    internal static RevokedEntry? Find(CrlIndex index, string serial)
    {
        try
        {
            var entry = index.Find(Octets(serial));
            if (entry.IsEmpty)
            {
                return null;
            }
            var reader = new AsnReader(entry, Rules);
            reader.ReadInteger();
            return new RevokedEntry(CertificateReader.Moment(reader, DateTimeOffset.MinValue).Moment, reader.HasData ? ReasonOf(reader.ReadSequence()) : "");
        }
        catch (Exception fault) when (fault is AsnContentException or ArgumentException or OverflowException or FormatException)
        {
            // What libssl has loaded and we cannot read is not searched.
            return null;
        }
    }

    // The inverse of CertificateReader.SerialText.
    private static byte[] Octets(string serial)
    {
        var isNegative = serial.StartsWith('-');
        var value = new BigInteger(Convert.FromHexString(serial.AsSpan(isNegative ? 1 : 0)), isUnsigned: true, isBigEndian: true);
        return (isNegative ? -value : value).ToByteArray(isBigEndian: true);
    }

    private static (DistinguishedName Issuer, DateTimeOffset Begin, DateTimeOffset? End, (string This, string Next) Update) Start(AsnReader body)
    {
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            body.ReadInteger();
        }
        body.ReadSequence();
        var issuer = NameReader.Read(body.ReadEncodedValue());
        var (begin, beginText) = CertificateReader.Moment(body, DateTimeOffset.MinValue);
        var hasEnd = body.HasData && body.PeekTag() is { TagClass: TagClass.Universal } tag
            && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UtcTime or UniversalTagNumber.GeneralizedTime;
        if (!hasEnd)
        {
            return (issuer, begin, null, (beginText, ""));
        }
        var (end, endText) = CertificateReader.Moment(body, DateTimeOffset.MaxValue);
        return (issuer, begin, end, (beginText, endText));
    }

    private static CrlIndex Entries(AsnReader body)
    {
        if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return CrlIndex.Empty;
        }
        var content = body.PeekContentBytes();
        body.ReadSequence();
        return CrlIndex.Of(content);
    }

    private static CrlFacts Extensions(CrlFacts facts, AsnReader extensions)
    {
        var critical = new List<string>();
        while (extensions.HasData && critical.Count < 64)
        {
            var extension = extensions.ReadSequence();
            var type = ObjectReader.Read(extension);
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean())
            {
                critical.Add(type);
            }
            var reader = new AsnReader(extension.ReadOctetString(), Rules);
            facts = type switch
            {
                "2.5.29.20" => facts with { Number = NumberText(reader.ReadIntegerBytes().Span) },
                "2.5.29.35" => facts with { AuthorityKeyId = CertificateReader.AuthorityKeyId(reader) },
                "2.5.29.27" => facts with { IsDelta = true },
                "2.5.29.28" => facts with { Scope = Scope(reader.ReadSequence()) },
                _ => facts,
            };
        }
        return facts with { Critical = critical };
    }

    private static string NumberText(ReadOnlySpan<byte> number) =>
        number.Length > 20 ? "" : new BigInteger(number, isBigEndian: true).ToString(CultureInfo.InvariantCulture);

    private static List<string> Scope(AsnReader point)
    {
        var result = new List<string>();
        while (point.HasData)
        {
            var tag = point.PeekTag();
            point.ReadEncodedValue();
            if (tag.TagValue switch
            {
                0 => "distributionPoint",
                1 => "onlyContainsUserCerts",
                2 => "onlyContainsCACerts",
                3 => "onlySomeReasons",
                4 => "indirectCRL",
                5 => "onlyContainsAttributeCerts",
                _ => null,
            } is { } name)
            {
                result.Add(name);
            }
        }
        return result;
    }

    private static string ReasonOf(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            if (ObjectReader.Read(extension) != "2.5.29.21")
            {
                continue;
            }
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                extension.ReadBoolean();
            }
            var value = new AsnReader(extension.ReadOctetString(), Rules).ReadEnumeratedBytes().Span;
            return (value.Length == 1 ? value[0] : byte.MaxValue) switch
            {
                0 => "unspecified",
                1 => "keyCompromise",
                2 => "cACompromise",
                3 => "affiliationChanged",
                4 => "superseded",
                5 => "cessationOfOperation",
                6 => "certificateHold",
                8 => "removeFromCRL",
                9 => "privilegeWithdrawn",
                10 => "aACompromise",
                _ => "",
            };
        }
        return "";
    }
}
