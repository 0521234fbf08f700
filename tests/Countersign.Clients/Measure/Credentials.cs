using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Clients.Measure;

/// <summary>The certificates of all situations, in the files that clients read.</summary>
public sealed class Credentials : IDisposable
{
    public const string Password = "secret";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Situation, IReadOnlyList<Identity>> _chains = [];

    public Credentials()
    {
        var root = Identity.SelfSigned("CN=Clients Root");
        var issuing = root.Issue("CN=Clients Issuing", CertificateShape.Authority);
        var other = Identity.SelfSigned("CN=Other Root");
        var otherIssuing = other.Issue("CN=Other Issuing", CertificateShape.Authority);
        var printable = Identity.SelfSigned("CN=Encoded Root");
        var ended = CertificateShape.Client with { NotBefore = DateTimeOffset.UtcNow.AddDays(-90), NotAfter = DateTimeOffset.UtcNow.AddDays(-7) };
        Put(Situation.Matching, issuing.Issue("CN=matching"), issuing);
        Put(Situation.NotListed, otherIssuing.Issue("CN=not listed"), otherIssuing);
        Put(Situation.OtherBytes, printable.Issue("CN=other bytes"));
        Put(Situation.LeafAlone, issuing.Issue("CN=leaf alone"));
        Put(Situation.Expired, issuing.Issue("CN=expired", ended), issuing);
        Put(Situation.ForServers, issuing.Issue("CN=for servers", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] }), issuing);

        var servers = Identity.SelfSigned("CN=Servers Root");
        var server = servers.Issue("CN=localhost", CertificateShape.Server);
        ServerAuthority = _folder.Write("servers.pem", servers.Pem);
        _folder.Write("server.pem", server.Pem);
        _folder.Write("server.key", server.KeyPem);
        using var utf8 = AsUtf8("Encoded Root", printable);
        Listed = [root.Certificate.RawData, utf8.RawData];
        _folder.Write("listed.pem", root.Pem + utf8.ExportCertificatePem() + "\n");
        _folder.Write("trusted.pem", other.Pem);
    }

    public string Folder => _folder.Path;

    /// <summary>PEM of the authority of the gate's own certificate.</summary>
    public string ServerAuthority { get; }

    /// <summary>Certificates in ssl_client_certificate.</summary>
    public IReadOnlyList<byte[]> Listed { get; }

    /// <summary>Leaf first; empty for <see cref="Situation.Nothing"/>.</summary>
    public IReadOnlyList<Identity> Chain(Situation situation) => _chains.GetValueOrDefault(situation, []);

    /// <summary>Certificates and key in one PEM file.</summary>
    public string Pem(Situation situation) => _folder.File(situation + ".pem");

    /// <summary>Certificates and key in PKCS #12, under <see cref="Password"/>.</summary>
    public string Pkcs12(Situation situation) => _folder.File(situation + ".p12");

    public void Dispose() => _folder.Dispose();

    private void Put(Situation situation, params Identity[] chain)
    {
        _chains[situation] = chain;
        _folder.Write(situation + ".pem", string.Concat(chain.Select(one => one.Pem)) + chain[0].KeyPem);
        using var leaf = chain[0].WithPrivateKey();
        X509Certificate2Collection all = [leaf, .. chain[1..].Select(one => one.Certificate)];
        File.WriteAllBytes(Pkcs12(situation), all.Export(X509ContentType.Pkcs12, Password)!);
    }

    /// <summary>The same name and key, the name's text as UTF8String where <see cref="Identity"/> has PrintableString.</summary>
    private static X509Certificate2 AsUtf8(string commonName, Identity of)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        var request = new CertificateRequest(name.Build(), (ECDsa)of.Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(of.Certificate.NotBefore, of.Certificate.NotAfter);
    }
}
