using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Pkits;

/// <summary>
/// NIST's Public Key Interoperability Test Suite (PKITS) as files of nginx: the trust anchor as the bundle, and for every case what a client sends
/// and the case's revocation lists. The data is Debian's package python3-cryptography-vectors; nothing of it stands here.
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
            _folder.Write($"{expectation.Server}.pem", Pem("CERTIFICATE", message.Certificates[0]));
            _folder.Write($"{expectation.Server}-chain.pem", string.Concat(message.Certificates.Skip(1).Select(certificate => Pem("CERTIFICATE", certificate))));
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

    public string PathOf(string name) => _folder.File(name);

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

    public bool HasRsaKey(Expectation expectation) => KeyOf(expectation) is not null;

    /// <summary>Puts the key of a case's client beside its certificate.</summary>
    public string WriteKey(Expectation expectation) => _folder.Write($"{expectation.Server}.key", KeyOf(expectation)!);

    // PKITS has it in a PKCS#12 of the certificate's name.
    private string? KeyOf(Expectation expectation)
    {
        var name = _names[Convert.ToHexString(SHA256.HashData(Presented(expectation)[0]))];
        using var both = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(Data, "pkcs12", name + ".p12"), "password", X509KeyStorageFlags.Exportable);
        using var key = both.GetRSAPrivateKey();
        return key?.ExportPkcs8PrivateKeyPem();
    }

    public void Dispose() => _folder.Dispose();

    private static string Pem(string label, byte[] der) => new string(PemEncoding.Write(label, der)) + "\n";
}
