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
            var algorithm = whole.ReadSequence().ReadObjectIdentifier();
            var (issuer, begin, end, update) = Start(body);
            var facts = new CrlFacts
            {
                Der = der,
                Issuer = issuer,
                ThisUpdate = begin,
                NextUpdate = end,
                Update = update,
                SignatureAlgorithm = algorithm,
                File = file,
                Count = Count(body),
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

    internal static RevokedEntry? Find(ReadOnlyMemory<byte> der, string serial)
    {
        try
        {
            var body = new AsnReader(der, Rules).ReadSequence().ReadSequence();
            Start(body);
            if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            {
                return null;
            }
            for (var entries = new EntryCursor(body.ReadSequence()); entries.Next();)
            {
                var entry = new AsnReader(entries.Current, Rules).ReadSequence();
                if (CertificateReader.SerialText(entry.ReadInteger()) == serial)
                {
                    return new RevokedEntry(CertificateReader.Moment(entry, DateTimeOffset.MinValue).Moment, entry.HasData ? ReasonOf(entry.ReadSequence()) : "");
                }
            }
        }
        catch (Exception fault) when (fault is AsnContentException or ArgumentException or OverflowException)
        {
            // What libssl has loaded and we cannot read is not searched.
        }
        return null;
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

    private static int Count(AsnReader body)
    {
        if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return 0;
        }
        var count = 0;
        for (var entries = new EntryCursor(body.ReadSequence()); entries.Next();)
        {
            count++;
        }
        return count;
    }

    private static CrlFacts Extensions(CrlFacts facts, AsnReader extensions)
    {
        var critical = new List<string>();
        while (extensions.HasData && critical.Count < 64)
        {
            var extension = extensions.ReadSequence();
            var type = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean())
            {
                critical.Add(type);
            }
            var reader = new AsnReader(extension.ReadOctetString(), Rules);
            facts = type switch
            {
                "2.5.29.20" => facts with { Number = reader.ReadInteger().ToString(CultureInfo.InvariantCulture) },
                "2.5.29.35" => facts with { AuthorityKeyId = CertificateReader.AuthorityKeyId(reader) },
                "2.5.29.27" => facts with { IsDelta = true },
                "2.5.29.28" => facts with { Scope = Scope(reader.ReadSequence()) },
                _ => facts,
            };
        }
        return facts with { Critical = critical };
    }

    private static List<string> Scope(AsnReader point)
    {
        var result = new List<string>();
        while (point.HasData)
        {
            var tag = point.PeekTag();
            point.ReadEncodedValue();
            if (tag.TagValue switch
            {
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
            if (extension.ReadObjectIdentifier() != "2.5.29.21")
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

    private sealed class EntryCursor(AsnReader reader)
    {
        public ReadOnlyMemory<byte> Current { get; private set; }

        public bool Next()
        {
            if (!reader.HasData)
            {
                return false;
            }
            Current = reader.ReadEncodedValue();
            return true;
        }
    }
}
