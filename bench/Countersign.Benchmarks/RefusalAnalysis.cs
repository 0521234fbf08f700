using BenchmarkDotNet.Attributes;
using Countersign.Native;
using Countersign.Proxy.Watch;
using Countersign.Refusals;
using Countersign.Testing;

namespace Countersign.Benchmarks;

/// <summary>What one refusal costs: from the DER a client sent to the reason, and from the reason to the line that is written.</summary>
public class RefusalAnalysis
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly CertificateShape Silent = CertificateShape.Authority with { AuthorityKeyIdentifier = false, SubjectKeyIdentifier = false };

    private IReadOnlyList<Certificate> _alone = [];
    private IReadOnlyList<Certificate> _mesh = [];
    private IReadOnlyList<Certificate> _dear = [];
    private IReadOnlyList<Certificate> _crowd = [];
    private IReadOnlyList<Certificate> _named = [];
    private TrustFacts _constrained = new() { Server = "api.example" };
    private TrustFacts _trust = new() { Server = "api.example" };
    private IReadOnlyList<TrustFacts> _others = [];
    private IReadOnlyList<CertificateFacts> _seen = [];
    private Refusal? _refusal;

    [GlobalSetup]
    public void Make()
    {
        var root = Identity.SelfSigned("CN=Example Root, O=Example");
        var intermediate = root.Issue("CN=Example Clients, O=Example", CertificateShape.Authority);
        _alone = [Decoded(intermediate.Issue("CN=device-7, O=Example"))];
        _seen = [Read(intermediate.Certificate.RawData)];
        _trust = Trusting("api.example", [.. Enumerable.Range(0, 20).Select(number => Identity.SelfSigned($"CN=Root {number}")), root]);
        _others = [.. Enumerable.Range(0, 5).Select(number => Trusting($"other-{number}.example", [Identity.SelfSigned($"CN=Other {number}")]))];

        // Ten keys of one name, each signed by every other one: as many paths as there are orders of them.
        var keys = Enumerable.Range(0, 10).Select(_ => Identity.SelfSigned("CN=mesh", Silent)).ToList();
        var mesh = keys.SelectMany(issuer => keys.Where(one => one != issuer).Select(one => issuer.Issue("CN=mesh", Silent, one.Key)));
        _mesh = [Decoded(keys[0].Issue("CN=leaf", CertificateShape.Client with { AuthorityKeyIdentifier = false })), .. mesh.Select(Decoded)];

        // Four authorities of the dearest usual curve above each other, the last of which nobody trusts.
        List<Identity> dear = [Identity.SelfSigned("CN=level 0", CertificateShape.Authority with { Key = KeyKind.P384 })];
        for (var level = 1; level < 5; level++)
        {
            dear.Insert(0, dear[0].Issue($"CN=level {level}", CertificateShape.Authority with { Key = KeyKind.P384 }));
        }
        _dear = [Decoded(dear[0].Issue("CN=leaf")), .. dear.Select(Decoded)];

        // As many as libssl takes, 100 KB, none of which signed anything, each with a name for the next to ask for.
        var namesakes = Enumerable.Range(0, 230).Select(_ => Decoded(Identity.SelfSigned("CN=mesh", Silent)));
        _crowd = [Decoded(Identity.SelfSigned("CN=mesh", Silent).Issue("CN=leaf")), .. namesakes];

        var names = Enumerable.Range(0, 1000).Select(number => $"h{number}.example.com").ToList();
        _named = [Decoded(root.Issue("CN=leaf", CertificateShape.Client with { DnsNames = names }))];
        var constraints = new NameConstraintFacts([], []) { ExcludedTrees = [.. Enumerable.Range(0, 1000).Select(number => new GeneralName("DNS", $"x{number}.example.org"))] };
        _constrained = _constrained with { Certificates = [new TrustedCertificate(Read(root.Certificate.RawData) with { NameConstraints = constraints }, "/etc/nginx/clients.pem", true)] };

        _refusal = new Refusal
        {
            Reason = Analyse(_alone, _trust, 20), Time = Now, Incident = "00112233445566ff", Status = 495, Server = "api.example (nginx.conf:12)", Sni = "api.example", Host = "api.example",
            Errors = [new VerifyError(20, 0, "CN=device-7"), new VerifyError(21, 0, "CN=device-7")], Leaf = Read(_alone[0].Der), Presented = [_alone[0].Der],
        };
    }

    [Benchmark(Description = "missing intermediate, 21 trusted, 5 other servers")]
    public Reason MissingIntermediate() => Analyse(_alone, _trust, 20);

    [Benchmark(Description = "worst: 90 that all signed each other")]
    public Reason Mesh() => Analyse(_mesh, _trust, 20);

    [Benchmark(Description = "worst: five levels of P-384")]
    public Reason Dear() => Analyse(_dear, _trust, 19);

    [Benchmark(Description = "worst: 230 namesakes, none of which signed")]
    public Reason Crowd() => Analyse(_crowd, _trust, 20);

    [Benchmark(Description = "worst: 1000 names beside 1000 constraints")]
    public Reason Names() => Analyse(_named, _constrained, 48);

    [Benchmark(Description = "a line of the refusal log")]
    public byte[] Line() => RefusalJson.Line(RefusalEntry.Of(_refusal!));

    [Benchmark(Description = "an entry of the ledger")]
    public byte[] Whole() => RefusalJson.Whole(RefusalEntry.Of(_refusal!), _refusal!.Presented);

    // As ChainExamination does it: what a client sent libssl has decoded.
    private Reason Analyse(IReadOnlyList<Certificate> presented, TrustFacts trust, int error)
    {
        using var signatures = new CertificateSignatures();
        var budget = new AnalysisBudget();
        var facts = new List<CertificateFacts>();
        foreach (var certificate in presented.TakeWhile(certificate => budget.TakeCertificate(certificate.Der.Length)))
        {
            facts.Add(Read(certificate.Der));
            signatures.Know(facts[^1], certificate);
        }
        return ChainReasons.Of(new ChainCase
        {
            Presented = facts,
            Trust = trust,
            OtherServers = _others,
            Seen = _seen,
            Errors = [new VerifyError(error, 0, ""), new VerifyError(21, 0, "")],
            Now = Now,
            IsSigned = signatures.IsSigned,
            Budget = budget,
        }).Reason;
    }

    private static Certificate Decoded(Identity identity) => Certificate.FromDer(identity.Certificate.RawData)!;

    private static CertificateFacts Read(byte[] der) => CertificateReader.Read(der)!;

    private static TrustFacts Trusting(string server, IReadOnlyList<Identity> bundle) => new()
    {
        Server = server,
        Bundle = "/etc/nginx/clients.pem",
        BundleAt = "nginx.conf:14",
        Certificates = [.. bundle.Select(identity => new TrustedCertificate(Read(identity.Certificate.RawData), "/etc/nginx/clients.pem", true))],
    };
}
