using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>
/// A certificate from its parts, each as it would stand in the DER, so that a test can make what no library makes. Its signature is zeros: readers do
/// not look, and neither does <c>openssl x509</c>.
/// </summary>
internal sealed record RawCertificate
{
    private static readonly byte[] Key = MakeKey();

    /// <summary>Contents of the INTEGER.</summary>
    public byte[] Serial { get; init; } = [1];
    public byte[] Issuer { get; init; } = Name(Attribute("2.5.4.3", Text(UniversalTagNumber.UTF8String, "issuer")));
    public byte[] Subject { get; init; } = Name(Attribute("2.5.4.3", Text(UniversalTagNumber.UTF8String, "subject")));

    /// <summary>Encoded.</summary>
    public byte[] NotBefore { get; init; } = Time(UniversalTagNumber.UtcTime, "200101000000Z");
    public byte[] NotAfter { get; init; } = Time(UniversalTagNumber.UtcTime, "400101000000Z");
    public IReadOnlyList<(string Type, bool IsCritical, byte[] Value)> Extensions { get; init; } = [];

    public byte[] Encode()
    {
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                body.WriteInteger(2);
            }
            body.WriteInteger(Serial);
            Algorithm(body);
            body.WriteEncodedValue(Issuer);
            using (body.PushSequence())
            {
                body.WriteEncodedValue(NotBefore);
                body.WriteEncodedValue(NotAfter);
            }
            body.WriteEncodedValue(Subject);
            body.WriteEncodedValue(Key);
            if (Extensions.Count > 0)
            {
                using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                using (body.PushSequence())
                {
                    foreach (var (type, isCritical, value) in Extensions)
                    {
                        Extension(body, type, isCritical, value);
                    }
                }
            }
        }
        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(body.Encode());
            Algorithm(whole);
            whole.WriteBitString(new byte[64]);
        }
        return whole.Encode();
    }

    /// <summary>A Name with a set of its own for each attribute.</summary>
    public static byte[] Name(params byte[][] attributes) => NameOfSets([.. attributes.Select(attribute => (byte[][])[attribute])]);

    public static byte[] NameOfSets(params byte[][][] sets)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var set in sets)
            {
                using (writer.PushSetOf())
                {
                    foreach (var attribute in set)
                    {
                        writer.WriteEncodedValue(attribute);
                    }
                }
            }
        }
        return writer.Encode();
    }

    public static byte[] Attribute(string type, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            writer.WriteEncodedValue(value);
        }
        return writer.Encode();
    }

    /// <summary>A string of that type, also one whose type does not have these characters.</summary>
    public static byte[] Text(UniversalTagNumber type, string text) => Tagged((byte)type, type switch
    {
        UniversalTagNumber.UTF8String => System.Text.Encoding.UTF8.GetBytes(text),
        UniversalTagNumber.BMPString => System.Text.Encoding.BigEndianUnicode.GetBytes(text),
        UniversalTagNumber.UniversalString => new System.Text.UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(text),
        _ => System.Text.Encoding.Latin1.GetBytes(text),
    });

    public static byte[] Time(UniversalTagNumber type, string text) => Tagged((byte)type, System.Text.Encoding.ASCII.GetBytes(text));

    public static byte[] Tagged(byte tag, byte[] content)
    {
        byte[] length = content.Length switch
        {
            < 0x80 => [(byte)content.Length],
            < 0x100 => [0x81, (byte)content.Length],
            < 0x10000 => [0x82, (byte)(content.Length >> 8), (byte)content.Length],
            _ => [0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [tag, .. length, .. content];
    }

    private static void Algorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
        }
    }

    private static void Extension(AsnWriter writer, string type, bool isCritical, byte[] value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            if (isCritical)
            {
                writer.WriteBoolean(true);
            }
            writer.WriteOctetString(value);
        }
    }

    private static byte[] MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }
}
