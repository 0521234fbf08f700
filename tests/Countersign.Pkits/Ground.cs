using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Native;

[assembly: AssemblyFixture(typeof(Countersign.Pkits.Ground))]

namespace Countersign.Pkits;

/// <summary>
/// NIST's Public Key Interoperability Test Suite (PKITS) as files of nginx: the trust anchor as the bundle, and every case's revocation
/// lists; and what each case's client sends. The data is Debian's package python3-cryptography-vectors; nothing of it stands here.
/// </summary>
public sealed class Ground : IDisposable
{
    private const string Data = "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, SignedMessage> _messages = [];
    private readonly Dictionary<string, string> _names = [];

    public Ground()
    {
        if (!Directory.Exists(Data))
        {
            return;
        }
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Data, "certs")))
        {
            _names[Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))] = Path.GetFileNameWithoutExtension(file);
        }
        using var authority = Identity.SelfSigned("CN=Server Root");
        using var server = authority.Issue("CN=localhost", CertificateShape.Server);
        _folder.Write("server.pem", server.Pem);
        _folder.Write("server.key", server.KeyPem);
        _folder.Write("anchor.pem", Pem("CERTIFICATE", File.ReadAllBytes(Path.Combine(Data, "certs", "TrustAnchorRootCertificate.crt"))));
        foreach (var expectation in Expectation.All)
        {
            var message = SignedMessage.Read(Path.Combine(Data, "smime", $"Signed{expectation.Message}.eml"));
            _messages[expectation.Number] = message;
            _folder.Write($"{expectation.Server}-crl.pem", string.Concat(message.Crls.Select(crl => Pem("X509 CRL", crl))));
        }
    }

    public string Folder => _folder.Path;

    /// <summary>Asked by each test: a fixture that fails could not skip.</summary>
    public void Require()
    {
        if (_messages.Count == 0)
        {
            throw Prerequisite.Missing("NIST's PKITS is not installed (Debian: python3-cryptography-vectors)");
        }
    }

    /// <summary>How many messages the package has.</summary>
    public static int Messages => Directory.GetFiles(Path.Combine(Data, "smime"), "*.eml").Length;

    /// <summary>Leaf first.</summary>
    public IReadOnlyList<byte[]> Presented(Expectation expectation) => _messages[expectation.Number].Certificates;

    /// <summary>A server for each of the cases, under the case's name.</summary>
    public string Servers(IEnumerable<Expectation> cases, string listen) => string.Concat(cases.Select(one => $$"""
            server {
                listen {{listen}} ssl;
                server_name {{one.Server}};
                ssl_certificate {{Folder}}/server.pem;
                ssl_certificate_key {{Folder}}/server.key;
                ssl_client_certificate {{Folder}}/anchor.pem;
                ssl_crl {{Folder}}/{{one.Server}}-crl.pem;
                ssl_verify_client on;
                ssl_verify_depth 10;
                location / { return 200 "in"; }
            }

        """));

    /// <summary>A case's client: all that it sends, and its key.</summary>
    public TlsClientContext ClientOf(Expectation expectation)
    {
        // PKITS has the key in a PKCS#12 of the certificate's name.
        var presented = Presented(expectation);
        var name = _names[Convert.ToHexString(SHA256.HashData(presented[0]))];
        using var both = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(Data, "pkcs12", name + ".p12"), "password", X509KeyStorageFlags.Exportable);
        using AsymmetricAlgorithm key = both.GetRSAPrivateKey() as AsymmetricAlgorithm ?? both.GetDSAPrivateKey()!;
        var chain = string.Concat(presented.Select(certificate => Pem("CERTIFICATE", certificate)));
        return TlsClientContext.Create(new TlsClientOptions
        {
            Certificate = new TlsKeyPair("data:" + chain, "data:" + key.ExportPkcs8PrivateKeyPem()),
            // TLS 1.3 has no DSA.
            Protocols = key is DSA ? TlsProtocols.Tls12 : TlsProtocols.Tls12 | TlsProtocols.Tls13,
            Ciphers = "DEFAULT:@SECLEVEL=0",
            SessionReuse = false,
        });
    }

    public void Dispose() => _folder.Dispose();

    private static string Pem(string label, byte[] der) => new string(PemEncoding.Write(label, der)) + "\n";
}
