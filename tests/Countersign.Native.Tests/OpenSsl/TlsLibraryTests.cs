using CsCheck;

namespace Countersign.Native.Tests.OpenSsl;

/// <summary>The library that TLS has to itself decides as the default one does; what it leaves out only takes time.</summary>
public sealed class TlsLibraryTests
{
    private const string Variable = "COUNTERSIGN_TEST_HAS_LIBRARY";

    /// <summary>The arguments of openssl genpkey.</summary>
    public static TheoryData<string> Keys =>
    [
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:sect233k1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "-algorithm EC -pkeyopt ec_paramgen_curve:SM2",
        "-algorithm SM2",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "-algorithm ED25519",
        "-algorithm ED448",
        "-algorithm X25519",
        "-algorithm X448",
        "-algorithm DH -pkeyopt group:ffdhe2048",
        "-algorithm DHX -pkeyopt dh_rfc5114:2",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task The_key_of_a_certificate_is_what_it_is_in_the_default_library(string arguments)
    {
        using var folder = new TemporaryFolder();
        var der = await CertificateOf(folder, arguments);

        var here = Reading.In(TlsLibrary.Handle, der);
        here.ShouldBe(Reading.In(0, der));
        here.HasKey.ShouldBeTrue();
    }

    [Fact]
    public void A_damaged_certificate_is_what_it_is_in_the_default_library()
    {
        using var elliptic = Identity.SelfSigned("CN=Client");
        using var rsa = Identity.SelfSigned("CN=Client", CertificateShape.Authority with { Key = KeyKind.Rsa2048 });
        var originals = new[] { elliptic.Certificate.RawData, rsa.Certificate.RawData };

        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 2000], Gen.Byte, Gen.Int[0, 40]).Sample(
            (which, place, value, cut) =>
            {
                var original = originals[which];
                var damaged = cut == 0 ? original[..(place % original.Length)] : (byte[])original.Clone();
                if (cut != 0)
                {
                    damaged[place % damaged.Length] = value;
                }
                Reading.In(TlsLibrary.Handle, damaged).ShouldBe(Reading.In(0, damaged));
            },
            iter: 3000,
            threads: 1);
    }

    [Fact]
    public void There_is_one_where_openssl_cnf_says_nothing_of_the_default_library()
    {
        (TlsLibrary.Handle != 0).ShouldBe(Environment.GetEnvironmentVariable(Variable) != "no");
        TlsServerContext.Create(new TlsServerOptions()).Dispose();
    }

    /// <summary>In second processes, because OpenSSL reads its configuration once.</summary>
    [Theory]
    [InlineData("", "yes")]
    [InlineData("[providers]\ndefault = active\n[active]\nactivate = 1\n", "yes")]
    [InlineData("[providers]\ndefault = active\nlegacy = active\n[active]\nactivate = 1\n", "no")]
    [InlineData("[properties]\ndefault_properties = provider=default\n", "no")]
    [InlineData("[random]\nrandom = CTR-DRBG\n", "no")]
    public async Task What_openssl_cnf_says_of_the_default_library_is_not_passed_over(string sections, string hasOwn)
    {
        using var folder = new TemporaryFolder();
        const string First = "openssl_conf = first\n[first]\nproviders = providers\nalg_section = properties\nrandom = random\n";
        var lines = First.Split('\n').Where(line => !line.Contains(" = ", StringComparison.Ordinal) || line.StartsWith("openssl_conf", StringComparison.Ordinal)
            || sections.Contains($"[{line.Split(" = ")[1]}]", StringComparison.Ordinal));
        var configuration = folder.Write("openssl.cnf", string.Join('\n', lines) + sections);

        await SecondProcess.Run(
            typeof(TlsLibraryTests), nameof(There_is_one_where_openssl_cnf_says_nothing_of_the_default_library), $"OPENSSL_CONF={configuration}", $"{Variable}={hasOwn}");
    }

    // Signed with its own key, or by another where that cannot sign.
    private static async Task<byte[]> CertificateOf(TemporaryFolder folder, string arguments)
    {
        var (key, certificate) = (folder.File("key.pem"), folder.File("certificate.der"));
        await Succeed(["genpkey", .. arguments.Split(' '), "-out", key]);
        if (!(await CommandLine.Run("openssl", ["req", "-x509", "-subj", "/CN=Client", "-key", key, "-outform", "DER", "-out", certificate])).ExitCode.Equals(0))
        {
            using var issuer = Identity.SelfSigned("CN=Root");
            var (root, rootKey, publicKey) = (folder.Write("root.pem", issuer.Pem), folder.Write("root.key", issuer.KeyPem), folder.File("public.pem"));
            await Succeed(["pkey", "-in", key, "-pubout", "-out", publicKey]);
            await Succeed(
                ["x509", "-new", "-subj", "/CN=Client", "-force_pubkey", publicKey, "-CA", root, "-CAkey", rootKey, "-outform", "DER", "-out", certificate]);
        }
        return await File.ReadAllBytesAsync(certificate);
    }

    private static async Task Succeed(params string[] arguments)
    {
        var said = await CommandLine.Run("openssl", arguments);
        said.ExitCode.ShouldBe(0, said.Both);
    }

    /// <param name="Signature">X509_verify's answer for the certificate's own key.</param>
    private sealed record Reading(bool IsCertificate, bool HasKey, int Signature)
    {
        public static unsafe Reading In(nint library, byte[] der)
        {
            fixed (byte* start = der)
            {
                var at = start;
                var certificate = NativeX509.New(library, null);
                try
                {
                    if (NativeX509.Decode(&certificate, &at, der.Length) == 0)
                    {
                        return new Reading(false, false, 0);
                    }
                    var key = NativeX509.KeyOf(certificate);
                    return new Reading(true, key != 0, key == 0 ? 0 : NativeX509.VerifySignature(certificate, key));
                }
                finally
                {
                    NativeError.Clear();
                    NativeX509.Free(certificate);
                }
            }
        }
    }
}
