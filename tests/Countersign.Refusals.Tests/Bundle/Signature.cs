using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.Bundle;

/// <summary>Whether a key signed a certificate, whatever the names say.</summary>
internal static class Signature
{
    public static bool IsBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        var signed = whole.ReadEncodedValue();
        whole.ReadEncodedValue();
        var signature = whole.ReadBitString(out _);
        using var curve = issuer.GetECDsaPublicKey();
        using var rsa = issuer.GetRSAPublicKey();
        return curve?.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            ?? rsa?.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ?? false;
    }
}
