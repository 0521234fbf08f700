using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>Keys of every kind that openssl makes have the strength and the curve that openssl says.</summary>
public sealed class KeyTests
{
    [Theory]
    [InlineData("RSA", "1.2.840.113549.1.1.1", "rsa_keygen_bits:2048")]
    [InlineData("RSA", "1.2.840.113549.1.1.1", "rsa_keygen_bits:1024")]
    [InlineData("RSA", "1.2.840.113549.1.1.1", "rsa_keygen_bits:2047")]
    [InlineData("RSA-PSS", "1.2.840.113549.1.1.10", "rsa_keygen_bits:2048")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:P-256")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:P-384")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:P-521")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:secp256k1")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:brainpoolP256r1")]
    [InlineData("EC", "1.2.840.10045.2.1", "ec_paramgen_curve:P-256,ec_param_enc:explicit")]
    [InlineData("ED25519", "1.3.101.112", "")]
    [InlineData("ED448", "1.3.101.113", "")]
    public async Task A_key_is_described_as_openssl_describes_it(string kind, string algorithm, string options)
    {
        using var folder = new TemporaryFolder();
        var key = folder.File("key.pem");
        await Run(["genpkey", "-algorithm", kind, .. options.Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(option => new[] { "-pkeyopt", option }), "-out", key]);
        await Run(["req", "-x509", "-new", "-key", key, "-subj", "/CN=x", "-outform", "der", "-out", folder.File("x.der")]);
        var der = File.ReadAllBytes(folder.File("x.der"));
        var facts = CertificateReader.Read(der)!;
        var text = string.Join('\n', await OpenSslView.Of(der, "-text"));
        facts.KeyAlgorithm.ShouldBe(algorithm);
        if (Regex.Match(text, @"Public-Key: \((\d+) bit\)") is { Success: true } bits && kind is not "ED25519" and not "ED448")
        {
            facts.KeyBits.ShouldBe(int.Parse(bits.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        (facts.Curve.Length > 0).ShouldBe(text.Contains("ASN1 OID:", StringComparison.Ordinal));
        facts.ExponentBits.ShouldBe(kind.StartsWith("RSA", StringComparison.Ordinal) ? 17 : 0);
        facts.InheritsParameters.ShouldBeFalse();
    }

    private static async Task Run(string[] arguments)
    {
        var result = await OpenSsl.Run(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
    }
}
