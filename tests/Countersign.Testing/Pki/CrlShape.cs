using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing;

/// <summary>What a revocation list looks like, also one that nobody should issue; the default is an empty good one.</summary>
public sealed record CrlShape
{
    public DateTimeOffset ThisUpdate { get; init; } = DateTimeOffset.UtcNow.AddHours(-1);

    /// <summary>Null leaves it out.</summary>
    public DateTimeOffset? NextUpdate { get; init; } = DateTimeOffset.UtcNow.AddDays(30);

    /// <summary>Content of the UTCTime in the place of <see cref="ThisUpdate"/>, whatever it is.</summary>
    public string? ThisUpdateText { get; init; }

    /// <summary>The same of <see cref="NextUpdate"/>.</summary>
    public string? NextUpdateText { get; init; }
    public int Number { get; init; } = 1;

    /// <summary>Whose key identifier it claims, when that is not its own.</summary>
    public Identity? KeyOf { get; init; }
    public IReadOnlyList<RevokedCertificate> Revoked { get; init; } = [];
    public IReadOnlyList<X509Extension> Extra { get; init; } = [];

    /// <summary>CertificateList of RFC 5280.</summary>
    internal byte[] Encode(X500DistinguishedName issuer, byte[] keyIdentifier, X509SignatureGenerator signer)
    {
        var algorithm = signer.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256);
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            body.WriteInteger(1);
            body.WriteEncodedValue(algorithm);
            body.WriteEncodedValue(issuer.RawData);
            WriteTime(body, ThisUpdate, ThisUpdateText);
            if (NextUpdate is { } end)
            {
                WriteTime(body, end, NextUpdateText);
            }

            WriteRevoked(body);
            using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
            using (body.PushSequence())
            {
                Write(body, X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(keyIdentifier));
                var number = new AsnWriter(AsnEncodingRules.DER);
                number.WriteInteger(Number);
                Write(body, new X509Extension("2.5.29.20", number.Encode(), critical: false));
                Extra.ToList().ForEach(extension => Write(body, extension));
            }
        }

        var signed = body.Encode();
        var list = new AsnWriter(AsnEncodingRules.DER);
        using (list.PushSequence())
        {
            list.WriteEncodedValue(signed);
            list.WriteEncodedValue(algorithm);
            list.WriteBitString(signer.SignData(signed, HashAlgorithmName.SHA256));
        }

        return list.Encode();
    }

    private void WriteRevoked(AsnWriter body)
    {
        if (Revoked.Count == 0)
        {
            return;
        }

        using var entries = body.PushSequence();
        foreach (var entry in Revoked)
        {
            using var one = body.PushSequence();
            body.WriteInteger(entry.Certificate.Certificate.SerialNumberBytes.Span);
            body.WriteUtcTime(entry.Since);
            if (entry.Reason is { } reason)
            {
                using var extensions = body.PushSequence();
                // An ENUMERATED of one byte.
                Write(body, new X509Extension("2.5.29.21", [0x0a, 1, (byte)reason], critical: false));
            }
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time, string? text)
    {
        if (text is null)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteEncodedValue([0x17, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)]);
        }
    }

    private static void Write(AsnWriter writer, X509Extension extension)
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(extension.Oid!.Value!);
        if (extension.Critical)
        {
            writer.WriteBoolean(true);
        }

        writer.WriteOctetString(extension.RawData);
    }
}

/// <param name="Reason">Null leaves it out.</param>
public sealed record RevokedCertificate(Identity Certificate, DateTimeOffset Since, X509RevocationReason? Reason = null);
