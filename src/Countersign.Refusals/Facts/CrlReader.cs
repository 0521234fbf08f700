namespace Countersign.Refusals;

/// <summary>Certificate revocation lists from DER.</summary>
public static class CrlReader
{
    /// <returns>Null for what is no list.</returns>
    public static CrlFacts? Read(ReadOnlyMemory<byte> der, string file = "") => throw new NotImplementedException();

    internal static RevokedEntry? Find(ReadOnlyMemory<byte> der, string serial) => throw new NotImplementedException();
}
