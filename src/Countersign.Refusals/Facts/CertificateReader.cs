using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Refusals;

/// <summary>
/// Certificates from DER. Whatever a client sends ends in facts or in null: nothing throws, nothing recurses, and one pass over the bytes is all:
/// whoever reads many counts their bytes (<see cref="AnalysisBudget"/>).
/// </summary>
public static class CertificateReader
{
    private const int MaximumExtensions = 128;
    private const AsnEncodingRules Rules = AsnEncodingRules.BER;

    private static readonly Asn1Tag ExplicitVersion = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag ExplicitExtensions = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <returns>Null for what is no certificate.</returns>
    public static CertificateFacts? Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            return ReadWhole(der);
        }
        catch (Exception fault) when (fault is AsnContentException or ArgumentException or CryptographicException or OverflowException or FormatException)
        {
            return null;
        }
    }

    private static CertificateFacts ReadWhole(ReadOnlyMemory<byte> der)
    {
        var whole = new AsnReader(der, Rules).ReadSequence();
        var body = whole.ReadSequence();
        var algorithm = ObjectReader.Read(whole.ReadSequence());
        var version = 1;
        if (body.PeekTag().HasSameClassAndValue(ExplicitVersion))
        {
            version = (int)body.ReadSequence(ExplicitVersion).ReadInteger() + 1;
        }
        var serial = body.ReadInteger();
        body.ReadSequence();
        var issuer = NameReader.Read(body.ReadEncodedValue());
        var validity = body.ReadSequence();
        var (notBefore, beginText) = Moment(validity, DateTimeOffset.MinValue);
        var (notAfter, endText) = Moment(validity, DateTimeOffset.MaxValue);
        var subject = NameReader.Read(body.ReadEncodedValue());
        var key = body.ReadEncodedValue();
        var (keyAlgorithm, bits, curve, exponent, inherits) = KeyReader.Read(key);
        var facts = new CertificateFacts
        {
            Der = der,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(der.Span)),
            PublicKeySha256 = Convert.ToHexStringLower(SHA256.HashData(key.Span)),
            Version = version,
            Serial = SerialText(serial),
            Subject = subject,
            Issuer = issuer,
            NotBefore = notBefore,
            NotAfter = notAfter,
            Validity = (beginText, endText),
            KeyAlgorithm = keyAlgorithm,
            KeyBits = bits,
            Curve = curve,
            ExponentBits = exponent,
            InheritsParameters = inherits,
            SignatureAlgorithm = algorithm,
        };
        while (body.HasData)
        {
            if (body.PeekTag().HasSameClassAndValue(ExplicitExtensions))
            {
                return Extensions(facts, body.ReadSequence(ExplicitExtensions).ReadSequence());
            }
            body.ReadEncodedValue();
        }
        return facts;
    }

    private static CertificateFacts Extensions(CertificateFacts facts, AsnReader extensions)
    {
        List<string> critical = [], unreadable = [];
        for (var count = 0; extensions.HasData && count < MaximumExtensions; count++)
        {
            var extension = extensions.ReadSequence();
            var type = ObjectReader.Read(extension);
            if (extension.HasData && extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean())
            {
                critical.Add(type);
            }
            var value = extension.ReadOctetString();
            try
            {
                facts = Extension(facts, type, value);
            }
            catch (Exception fault) when (fault is AsnContentException or ArgumentException or OverflowException or FormatException)
            {
                unreadable.Add(type);
            }
        }
        return facts with { Critical = critical, Unreadable = unreadable };
    }

    private static CertificateFacts Extension(CertificateFacts facts, string type, byte[] value)
    {
        var reader = new AsnReader(value, Rules);
        switch (type)
        {
            case "2.5.29.14":
                return facts with { SubjectKeyId = Convert.ToHexString(reader.ReadOctetString()) };
            case "2.5.29.35":
                return facts with { AuthorityKeyId = AuthorityKeyId(reader) };
            case "2.5.29.19":
                var constraints = reader.ReadSequence();
                var isAuthority = constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
                int? pathLength = constraints.HasData ? (int)BigInteger.Min(constraints.ReadInteger(), int.MaxValue) : null;
                return facts with { BasicConstraints = new BasicConstraintsFacts(isAuthority, pathLength) };
            case "2.5.29.15":
                return facts with { KeyUsage = Usages(reader.ReadBitString(out _)) };
            case "2.5.29.37":
                return facts with { ExtendedKeyUsage = Identifiers(reader.ReadSequence()) };
            case "2.5.29.17":
                return facts with { AlternativeNames = GeneralNameReader.Read(value) };
            case "2.5.29.30":
                return facts with { NameConstraints = Constraints(reader.ReadSequence()) };
            case "2.5.29.32":
                return facts with { Policies = Policies(reader.ReadSequence()) };
            case "2.5.29.31":
                return facts with { CrlUrls = PointUrls(reader.ReadSequence()) };
            case "1.3.6.1.5.5.7.1.1":
                return Access(facts, reader.ReadSequence());
            default:
                return facts;
        }
    }

    internal static string AuthorityKeyId(AsnReader reader)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var sequence = reader.ReadSequence();
        return sequence.HasData && sequence.PeekTag().HasSameClassAndValue(tag) ? Convert.ToHexString(sequence.ReadOctetString(tag)) : "";
    }

    /// <summary>UTCTime or GeneralizedTime. OpenSSL loads whatever stands in one, and finds out when it compares it.</summary>
    internal static (DateTimeOffset Moment, string Text) Moment(AsnReader reader, DateTimeOffset otherwise)
    {
        var value = reader.ReadEncodedValue();
        var text = ChainText.Printable(Encoding.Latin1.GetString(new AsnReader(value, Rules).PeekContentBytes().Span));
        try
        {
            var time = new AsnReader(value, Rules);
            return (time.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? time.ReadUtcTime(twoDigitYearMax: 2049) : time.ReadGeneralizedTime(), text);
        }
        catch (AsnContentException)
        {
            return (otherwise, text);
        }
    }

    /// <summary>As BN_print(): whole bytes, a minus before a negative one.</summary>
    internal static string SerialText(BigInteger serial)
    {
        var digits = Convert.ToHexString(BigInteger.Abs(serial).ToByteArray(isUnsigned: true, isBigEndian: true));
        return serial.Sign < 0 ? "-" + digits : digits;
    }

    private static List<string> Usages(byte[] bits)
    {
        ReadOnlySpan<string> names =
        [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
        ];
        var result = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            if (i / 8 < bits.Length && (bits[i / 8] & (0x80 >> (i % 8))) != 0)
            {
                result.Add(names[i]);
            }
        }
        return result;
    }

    private static List<string> Identifiers(AsnReader reader)
    {
        var result = new List<string>();
        while (reader.HasData && result.Count < GeneralNameReader.MaximumNames)
        {
            result.Add(ObjectReader.Read(reader));
        }
        return result;
    }

    private static List<string> Policies(AsnReader reader)
    {
        var result = new List<string>();
        while (reader.HasData && result.Count < GeneralNameReader.MaximumNames)
        {
            result.Add(ObjectReader.Read(reader.ReadSequence()));
        }
        return result;
    }

    private static NameConstraintFacts Constraints(AsnReader reader)
    {
        IReadOnlyList<GeneralName> permitted = [], excluded = [];
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            var subtrees = reader.ReadSequence(tag);
            if (tag.TagValue == 0)
            {
                permitted = GeneralNameReader.Subtrees(subtrees);
            }
            else
            {
                excluded = GeneralNameReader.Subtrees(subtrees);
            }
        }
        return new NameConstraintFacts([.. permitted.Select(name => name.ToString())], [.. excluded.Select(name => name.ToString())])
        {
            PermittedTrees = permitted,
            ExcludedTrees = excluded,
        };
    }

    private static CertificateFacts Access(CertificateFacts facts, AsnReader reader)
    {
        List<string> issuers = [], responders = [];
        while (reader.HasData && issuers.Count + responders.Count < GeneralNameReader.MaximumNames)
        {
            var one = reader.ReadSequence();
            var method = ObjectReader.Read(one);
            if (GeneralNameReader.One(one.ReadEncodedValue()) is { Kind: "URI", Text: var url })
            {
                (method == "1.3.6.1.5.5.7.48.1" ? responders : issuers).Add(url);
            }
        }
        return facts with { IssuerUrls = issuers, OcspUrls = responders };
    }

    // DistributionPoint ::= [0] { [0] fullName }.
    private static List<string> PointUrls(AsnReader points)
    {
        var first = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var urls = new List<string>();
        while (points.HasData && urls.Count < GeneralNameReader.MaximumNames)
        {
            var point = points.ReadSequence();
            if (!point.HasData || !point.PeekTag().HasSameClassAndValue(first))
            {
                continue;
            }
            var name = point.ReadSequence(first);
            if (!name.HasData || !name.PeekTag().HasSameClassAndValue(first))
            {
                continue;
            }
            for (var names = name.ReadSequence(first); names.HasData;)
            {
                if (GeneralNameReader.One(names.ReadEncodedValue()) is { Kind: "URI", Text: var url })
                {
                    urls.Add(url);
                }
            }
        }
        return urls;
    }
}
