using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing;

/// <summary>sha1WithRSAEncryption, which .NET verifies but no longer offers for signing.</summary>
internal sealed class Sha1Signer(RSA key) : X509SignatureGenerator
{
    /// <summary>SEQUENCE { OBJECT IDENTIFIER 1.2.840.113549.1.1.5, NULL }</summary>
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
        Convert.FromHexString("300d06092a864886f70d0101050500");

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
#pragma warning disable CA5350 // a certificate signed with SHA-1 is what the test refuses
        key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
#pragma warning restore CA5350

    protected override PublicKey BuildPublicKey() => new(key);
}
