using System.Formats.Asn1;

namespace Countersign.Refusals;

/// <summary>Object identifiers, of which a certificate may have one of any length: as a decimal text it would take time with the square of that.</summary>
internal static class ObjectReader
{
    private const int MaximumLength = 128;

    /// <returns>For one that is too long to be anybody's, what it is instead of its numbers.</returns>
    public static string Read(AsnReader reader)
    {
        var value = reader.PeekEncodedValue();
        if (value.Length <= MaximumLength)
        {
            return reader.ReadObjectIdentifier();
        }
        if (!reader.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            throw new AsnContentException();
        }
        reader.ReadEncodedValue();
        return $"(identifier of {value.Length} bytes)";
    }
}
