using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing;

/// <summary>The certificate of RFC 1422: what <see cref="CertificateRequest"/> cannot make.</summary>
internal static class Version1
{
    public static byte[] Encode(string subject, PublicKey key, X500DistinguishedName issuer, X509SignatureGenerator signer)
    {
        var algorithm = signer.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256);
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            body.WriteInteger(4711);
            body.WriteEncodedValue(algorithm);
            body.WriteEncodedValue(issuer.RawData);
            using (body.PushSequence())
            {
                body.WriteUtcTime(DateTimeOffset.UtcNow.AddDays(-1));
                body.WriteUtcTime(DateTimeOffset.UtcNow.AddDays(365));
            }

            body.WriteEncodedValue(new X500DistinguishedName(subject).RawData);
            body.WriteEncodedValue(key.ExportSubjectPublicKeyInfo());
        }

        var signed = body.Encode();
        var certificate = new AsnWriter(AsnEncodingRules.DER);
        using (certificate.PushSequence())
        {
            certificate.WriteEncodedValue(signed);
            certificate.WriteEncodedValue(algorithm);
            certificate.WriteBitString(signer.SignData(signed, HashAlgorithmName.SHA256));
        }

        return certificate.Encode();
    }
}
