using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Conformance;

/// <summary>
/// The certificates of all cases, made once: <c>name.pem</c> and <c>name.key</c> in one folder. Two roots that
/// know nothing of each other, an issuing CA under the first, and clients with one fault each.
/// </summary>
public sealed class Trust
{
    private static readonly Lazy<Trust> Made = new(() => new Trust());

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Identity> _identities = [];

    private Trust()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _folder.Dispose();
        Servers();
        Hierarchy();
        ClientFaults();
        AuthorityFaults();
        Deep();
        RevocationLists.Write(this);
        Bundles.Write(this);
    }

    public static Trust Shared => Made.Value;

    public string Folder => _folder.Path;

    public Identity this[string name] => _identities[name];

    public string File(string name) => _folder.File(name);

    public void Write(string name, string text) => System.IO.File.WriteAllText(File(name), text, Encoding.Latin1);

    /// <summary>What a client sends: its certificate, and the certificates of <paramref name="chain"/> after it.</summary>
    public SClient Client(string name, string? chain = null, params string[] more) => new()
    {
        Certificate = File(name + ".pem"),
        Key = File(name + ".key"),
        Chain = chain is null ? null : File(chain + ".pem"),
        More = more,
    };

    public string Concatenate(params string[] names) => string.Concat(names.Select(name => this[name].Pem));

    private Identity Add(string name, Identity identity)
    {
        Write(name + ".pem", identity.Pem);
        Write(name + ".key", identity.KeyPem);
        return _identities[name] = identity;
    }

    private void Servers()
    {
        var ca = Add("server-root", Identity.SelfSigned("CN=Server Root"));
        Add("server", ca.Issue("CN=localhost", CertificateShape.Server));
        Add("server-rsa", ca.Issue("CN=localhost", CertificateShape.Server with { Key = KeyKind.Rsa2048 }));
    }

    private void Hierarchy()
    {
        var root = Add("root", Identity.SelfSigned("CN=Root A, O=Countersign"));
        var issuing = Add("intermediate", root.Issue("CN=Issuing A, O=Countersign", CertificateShape.Authority));
        Add("client", issuing.Issue("CN=client one, OU=Gates, O=Countersign", CertificateShape.Client with { Serial = "0A1B2C3D" }));
        Add("client2", issuing.Issue("CN=client two, O=Countersign"));
        Add("direct", root.Issue("CN=direct, O=Countersign"));
        Add("rsa", issuing.Issue("CN=rsa client, O=Countersign", CertificateShape.Client with { Key = KeyKind.Rsa2048 }));
        Add("unicode", issuing.Issue("CN=Bj\u00f6rn \\\"x\\\", O=\"a, b+c\""));
        var other = Add("other-root", Identity.SelfSigned("CN=Root B, O=Elsewhere"));
        Add("other", other.Issue("CN=stranger, O=Elsewhere"));
        var impostor = Add("impostor-root", Identity.SelfSigned("CN=Root A, O=Countersign"));
        Add("impostor", impostor.Issue("CN=direct, O=Countersign"));
        Add("impostor-no-akid", impostor.Issue("CN=direct, O=Countersign", CertificateShape.Client with { AuthorityKeyIdentifier = false }));
        Add("self-signed", Identity.SelfSigned("CN=alone", CertificateShape.Client));
        Write("chain.pem", Concatenate("intermediate"));
        Write("chain-with-root.pem", Concatenate("intermediate", "root"));
    }

    private void ClientFaults()
    {
        var root = this["root"];
        var now = DateTimeOffset.UtcNow;
        var good = CertificateShape.Client;
        var past = good with { NotBefore = now.AddDays(-30), NotAfter = now.AddDays(-2) };
        Add("expired", root.Issue("CN=expired", past));
        Add("stranger-expired", this["other-root"].Issue("CN=stranger expired", past));
        Add("not-yet-valid", root.Issue("CN=tomorrow", good with { NotBefore = now.AddDays(2) }));
        Add("server-usage", root.Issue("CN=server usage", good with { ExtendedKeyUsage = [Oids.ServerAuth] }));
        Add("any-usage", root.Issue("CN=any usage", good with { ExtendedKeyUsage = [Oids.AnyUsage] }));
        Add("both-usages", root.Issue("CN=both usages", good with { ExtendedKeyUsage = [Oids.ServerAuth, Oids.ClientAuth] }));
        Add("no-usage", root.Issue("CN=no usage", good with { ExtendedKeyUsage = null, KeyUsage = null }));
        Add("encipherment", root.Issue("CN=encipherment", good with { KeyUsage = X509KeyUsageFlags.KeyEncipherment }));
        Add("agreement", root.Issue("CN=agreement", good with { KeyUsage = X509KeyUsageFlags.KeyAgreement }));
        Add("ca-as-client", root.Issue("CN=a ca", CertificateShape.Authority with { KeyUsage = null }));
        Add("critical", root.Issue("CN=critical", good with { Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: true)] }));
        Add("weak-key", root.Issue("CN=weak key", good with { Key = KeyKind.Rsa1024 }));
        var rsaRoot = Add("rsa-root", Identity.SelfSigned("CN=Root R", CertificateShape.Authority with { Key = KeyKind.Rsa2048 }));
        Add("sha1", rsaRoot.Issue("CN=sha1", good with { Hash = HashAlgorithmName.SHA1 }));
        Add("by-rsa", rsaRoot.Issue("CN=by rsa"));
        Add("version1", root.IssueVersion1("CN=version 1"));
    }

    private void AuthorityFaults()
    {
        var root = this["root"];
        var ca = CertificateShape.Authority;
        AddUnder("not-a-ca", root.Issue("CN=Not a CA", ca with { BasicConstraintsAuthority = false }));
        AddUnder("no-certsign", root.Issue("CN=No certsign", ca with { KeyUsage = X509KeyUsageFlags.CrlSign }));
        AddUnder("expired-ca", root.Issue("CN=Expired CA", ca with { NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddDays(-2) }));
        AddUnder("server-usage-ca", root.Issue("CN=Server CA", ca with { ExtendedKeyUsage = [Oids.ServerAuth] }));
        AddUnder("version1-ca", root.IssueVersion1("CN=Version 1 CA"));
        // NameConstraints { permittedSubtrees { directoryName O=Elsewhere } }
        var elsewhere = new X500DistinguishedName("O=Elsewhere").RawData;
        var inner = (byte[])[0xa4, (byte)elsewhere.Length, .. elsewhere];
        var subtree = (byte[])[0x30, (byte)inner.Length, .. inner];
        var permitted = (byte[])[0xa0, (byte)subtree.Length, .. subtree];
        var constraint = new X509Extension("2.5.29.30", (byte[])[0x30, (byte)permitted.Length, .. permitted], critical: true);
        AddUnder("constrained", root.Issue("CN=Constrained", ca with { Extra = [constraint] }));

        // The same name and key under the other root too: two ways up.
        var crossed = this["other-root"].Issue("CN=Issuing A, O=Countersign", ca, this["intermediate"].Key);
        Add("cross", crossed);
    }

    /// <summary>An authority, and a client under it that is good but for its issuer.</summary>
    private void AddUnder(string name, Identity authority)
    {
        Add(name, authority);
        Add(name + "-client", authority.Issue($"CN=under {name}"));
    }

    private void Deep()
    {
        var ca = CertificateShape.Authority;
        var first = Add("deep1", this["root"].Issue("CN=Deep 1", ca with { PathLength = 2 }));
        var second = Add("deep2", first.Issue("CN=Deep 2", ca));
        var third = Add("deep3", second.Issue("CN=Deep 3", ca));
        Add("deep-client", third.Issue("CN=deep client"));
        Write("deep-chain.pem", Concatenate("deep3", "deep2", "deep1"));
        Write("deep-bundle.pem", Concatenate("deep3", "deep2", "deep1", "root"));
        var narrow = Add("narrow1", this["root"].Issue("CN=Narrow 1", ca with { PathLength = 0 }));
        var below = Add("narrow2", narrow.Issue("CN=Narrow 2", ca));
        Add("narrow-client", below.Issue("CN=narrow client"));
        Write("narrow-chain.pem", Concatenate("narrow2", "narrow1"));
    }
}
