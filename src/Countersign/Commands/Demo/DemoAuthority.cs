namespace Countersign.Commands.Demo;

/// <summary>What a client sends: its certificate followed by what it adds to the chain, and the key.</summary>
internal sealed record DemoCredentials(string ChainPem, string KeyPem);

/// <summary>
/// The throw-away certificate authority: a root, an issuing intermediate, deeper and lesser known ones beside it,
/// and one certificate for each way to be refused.
/// </summary>
internal sealed class DemoAuthority : IDisposable
{
    private readonly List<DemoIdentity> _made = [];
    private readonly Dictionary<string, DemoCredentials> _clients = [];
    private readonly DemoValidity _year, _expired;
    private readonly DemoIdentity _root, _issuing, _office, _revoked;

    public DemoAuthority(TimeProvider time)
    {
        var now = time.GetUtcNow();
        _year = new DemoValidity(now.AddDays(-30), now.AddDays(365));
        _expired = new DemoValidity(now.AddDays(-20), now.AddDays(-1));
        var future = new DemoValidity(now.AddDays(1), now.AddDays(30));
        var good = new DemoShape(_year);
        var authority = DemoShape.Authority(_year);

        _root = Keep(DemoIdentity.SelfSigned("Demo Root CA", authority));
        _issuing = Keep(_root.Issue("Demo Issuing CA", authority));
        _office = Keep(_issuing.Issue("Demo Office CA", authority));
        var branch = Keep(_root.Issue("Demo Branch CA", authority));
        var stranger = Keep(DemoIdentity.SelfSigned("Strangers Root CA", authority));
        // The name of the issuing CA over another key.
        var forger = Keep(DemoIdentity.SelfSigned("Demo Issuing CA", authority));

        var server = Keep(_root.Issue("*.domain.com", good with { Purpose = DemoIdentity.ServerPurpose, DnsNames = ["*.domain.com"] }));
        Server = new DemoCredentials(server.Pem, server.KeyPem);

        Client("good", _issuing.Issue("alice", good));
        Client("stranger", stranger.Issue("mallory", good));
        Client("self-signed", DemoIdentity.SelfSigned("self-signed", good));
        Client("forged", forger.Issue("alice", good with { NamesIssuerKey = false }));
        var other = Client("branch-alone", branch.Issue("bob", good));
        _clients["branch"] = new DemoCredentials(other.Pem + branch.Pem, other.KeyPem);
        Client("expired", _issuing.Issue("carol", new DemoShape(_expired)));
        Client("not-yet-valid", _issuing.Issue("dave", new DemoShape(future)));
        _revoked = Client("revoked", _issuing.Issue("eve", good));
        Client("server-purpose", _issuing.Issue("frank", good with { Purpose = DemoIdentity.ServerPurpose }));
        Client("deep", _office.Issue("grace", good), _office);
    }

    public DemoCredentials Server { get; }

    public IReadOnlyDictionary<string, DemoCredentials> Clients => _clients;

    /// <summary>What clients trust.</summary>
    public string RootPem => _root.Pem;

    /// <summary>The bundle as the answers on the web build it: clients' certificates first, then the intermediate, then the root.</summary>
    public string Bundle => string.Concat(_clients["good"].ChainPem, _clients["revoked"].ChainPem, _issuing.Pem, _root.Pem);

    /// <summary>The current lists of every authority but the Branch CA.</summary>
    public string RevocationLists => _root.RevocationList(_year) + _issuing.RevocationList(_year, _revoked) + _office.RevocationList(_year);

    /// <summary>The same where nobody fetched the issuing CA's next list in time.</summary>
    public string ExpiredRevocationLists => _root.RevocationList(_year) + _issuing.RevocationList(_expired, _revoked);

    public void Dispose() => _made.ForEach(identity => identity.Dispose());

    private DemoIdentity Client(string name, DemoIdentity identity, params ReadOnlySpan<DemoIdentity> intermediates)
    {
        var chain = Keep(identity).Pem;
        foreach (var intermediate in intermediates)
        {
            chain += intermediate.Pem;
        }
        _clients.Add(name, new DemoCredentials(chain, identity.KeyPem));
        return identity;
    }

    private DemoIdentity Keep(DemoIdentity identity)
    {
        _made.Add(identity);
        return identity;
    }
}
