using System.Formats.Asn1;

namespace Countersign.Pkits;

/// <summary>
/// One of PKITS's S/MIME messages (RFC 5652): each carries the certificates and revocation lists that its case is made of, without the trust anchor,
/// and its signer is the case's end entity.
/// </summary>
internal sealed record SignedMessage(IReadOnlyList<byte[]> Certificates, IReadOnlyList<byte[]> Crls)
{
    private static readonly Asn1Tag First = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Second = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <returns>The signer's certificate first, the others in the order in which the message has them.</returns>
    public static SignedMessage Read(string file)
    {
        var message = new AsnReader(Signature(File.ReadAllText(file)), AsnEncodingRules.BER).ReadSequence();
        message.ReadObjectIdentifier();
        var signed = message.ReadSequence(First).ReadSequence();
        signed.ReadInteger();
        signed.ReadSetOf();
        signed.ReadSequence();
        var certificates = Items(signed, First);
        var crls = Items(signed, Second);
        var signer = signed.ReadSetOf().ReadSequence();
        signer.ReadInteger();
        var leaf = Named(certificates, signer.ReadSequence());
        return new SignedMessage([leaf, .. certificates.Where(certificate => certificate != leaf)], crls);
    }

    private static byte[] Signature(string text)
    {
        const string Start = "Content-Transfer-Encoding: base64";
        text = text.ReplaceLineEndings("\n");
        var body = text[text.IndexOf("\n\n", text.IndexOf(Start, StringComparison.Ordinal), StringComparison.Ordinal)..];
        return Convert.FromBase64String(body[..body.IndexOf("\n--", StringComparison.Ordinal)]);
    }

    private static List<byte[]> Items(AsnReader reader, Asn1Tag tag)
    {
        var items = new List<byte[]>();
        if (reader.PeekTag().HasSameClassAndValue(tag))
        {
            for (var set = reader.ReadSetOf(skipSortOrderValidation: true, tag); set.HasData;)
            {
                items.Add(set.ReadEncodedValue().ToArray());
            }
        }
        return items;
    }

    private static byte[] Named(List<byte[]> certificates, AsnReader issuerAndSerial)
    {
        var issuer = issuerAndSerial.ReadEncodedValue();
        var serial = issuerAndSerial.ReadEncodedValue();
        return certificates.Single(certificate =>
        {
            var body = new AsnReader(certificate, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            body.ReadEncodedValue();
            var isSerial = body.ReadEncodedValue().Span.SequenceEqual(serial.Span);
            body.ReadSequence();
            return isSerial && body.ReadEncodedValue().Span.SequenceEqual(issuer.Span);
        });
    }
}
