using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing;

/// <summary>Extensions that .NET has no class for.</summary>
public static class Extensions
{
    /// <summary>nameConstraints of host names.</summary>
    public static X509Extension NameConstraints(IReadOnlyList<string> permitted, IReadOnlyList<string> excluded)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteSubtrees(writer, 0, permitted);
            WriteSubtrees(writer, 1, excluded);
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }

    /// <summary>issuingDistributionPoint of a revocation list: one of its flags, by its tag of RFC 5280 (1 users, 2 authorities, 4 indirect, 5 attributes).</summary>
    public static X509Extension IssuingDistributionPoint(int flag)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, flag));
        }

        return new X509Extension("2.5.29.28", writer.Encode(), critical: true);
    }

    /// <summary>deltaCRLIndicator: the list has only what changed since that one.</summary>
    public static X509Extension DeltaSince(int number)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(number);
        return new X509Extension("2.5.29.27", writer.Encode(), critical: true);
    }

    /// <summary>certificatePolicies.</summary>
    public static X509Extension Policies(params string[] identifiers)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var identifier in identifiers)
            {
                using var policy = writer.PushSequence();
                writer.WriteObjectIdentifier(identifier);
            }
        }

        return new X509Extension("2.5.29.32", writer.Encode(), critical: false);
    }

    /// <summary>authorityInfoAccess: where the issuer's certificate is to be had.</summary>
    public static X509Extension IssuerAt(string url) =>
        new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [url]);

    /// <summary>authorityInfoAccess: who is to be asked whether it is revoked.</summary>
    public static X509Extension StatusAt(string url) =>
        new X509AuthorityInformationAccessExtension(ocspUris: [url], caIssuersUris: null);

    /// <summary>crlDistributionPoints.</summary>
    public static X509Extension ListAt(string url) => CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url]);

    /// <summary>proxyCertInfo of RFC 3820, inheriting all.</summary>
    public static X509Extension Proxy()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.3.6.1.5.5.7.21.1");
        }

        return new X509Extension("1.3.6.1.5.5.7.1.14", writer.Encode(), critical: true);
    }

    private static void WriteSubtrees(AsnWriter writer, int tag, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        using var subtrees = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag, isConstructed: true));
        foreach (var name in names)
        {
            using var subtree = writer.PushSequence();
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
        }
    }
}
