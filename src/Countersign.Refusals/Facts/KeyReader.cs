using System.Formats.Asn1;

namespace Countersign.Refusals;

/// <summary>What a SubjectPublicKeyInfo says of its key.</summary>
internal static class KeyReader
{
    private const AsnEncodingRules Rules = AsnEncodingRules.BER;

    public static (string Algorithm, int Bits, string Curve, int Exponent, bool InheritsParameters) Read(ReadOnlyMemory<byte> info)
    {
        var reader = new AsnReader(info, Rules).ReadSequence();
        var algorithm = reader.ReadSequence();
        var type = ObjectReader.Read(algorithm);
        switch (type)
        {
            case "1.2.840.10045.2.1":
                var curve = algorithm.HasData && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier) ? ObjectReader.Read(algorithm) : "";
                var point = reader.ReadBitString(out _);
                return (type, CurveBits(curve) ?? (point is [4, ..] ? (point.Length - 1) * 4 : Math.Max(0, point.Length - 1) * 8), curve, 0, false);
            case "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10":
                try
                {
                    var key = new AsnReader(reader.ReadBitString(out _), Rules).ReadSequence();
                    return (type, Bits(key.ReadIntegerBytes().Span), "", Bits(key.ReadIntegerBytes().Span), false);
                }
                catch (AsnContentException)
                {
                    return (type, 0, "", 0, false);
                }
            case "1.2.840.10040.4.1":
                return algorithm.HasData && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence)
                    ? (type, Bits(algorithm.ReadSequence().ReadIntegerBytes().Span), "", 0, false)
                    : (type, 0, "", 0, true);
            default:
                return (type, 0, "", 0, false);
        }
    }

    // A field of 521 bits takes 66 octets.
    private static int? CurveBits(string curve) => curve == "1.3.132.0.35" ? 521 : null;

    private static int Bits(ReadOnlySpan<byte> integer)
    {
        integer = integer.TrimStart((byte)0);
        return integer.IsEmpty ? 0 : (integer.Length * 8) - byte.LeadingZeroCount(integer[0]);
    }
}
