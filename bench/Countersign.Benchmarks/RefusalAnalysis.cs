using BenchmarkDotNet.Attributes;
using Countersign.Proxy.Watch;
using Countersign.Refusals;
using Countersign.Testing;

namespace Countersign.Benchmarks;

/// <summary>What one refusal costs: from the DER a client sent to the reason, and from the reason to the line that is written.</summary>
public class RefusalAnalysis
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly CertificateShape Silent = CertificateShape.Authority with { AuthorityKeyIdentifier = false, SubjectKeyIdentifier = false };

    private IReadOnlyList<byte[]> _alone = [];
    private IReadOnlyList<byte[]> _mesh = [];
    private IReadOnlyList<byte[]> _crowd = [];
    private IReadOnlyList<byte[]> _named = [];
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
        _alone = [intermediate.Issue("CN=device-7, O=Example").Certificate.RawData];
        _seen = [Read(intermediate.Certificate.RawData)];
        _trust = Trusting("api.example", [.. Enumerable.Range(0, 20).Select(number => Identity.SelfSigned($"CN=Root {number}")), root]);
        _others = [.. Enumerable.Range(0, 5).Select(number => Trusting($"other-{number}.example", [Identity.SelfSigned($"CN=Other {number}")]))];

        // Ten keys of one name, each signed by every other one: as many paths as there are orders of them.
        var keys = Enumerable.Range(0, 10).Select(_ => Identity.SelfSigned("CN=mesh", Silent)).ToList();
        var mesh = keys.SelectMany(issuer => keys.Where(one => one != issuer).Select(one => issuer.Issue("CN=mesh", Silent, one.Key)));
        _mesh = [keys[0].Issue("CN=leaf", CertificateShape.Client with { AuthorityKeyIdentifier = false }).Certificate.RawData, .. mesh.Select(one => one.Certificate.RawData)];

        // As many as libssl takes, 100 KB, none of which signed anything, each with a name for the next to ask for.
        var namesakes = Enumerable.Range(0, 230).Select(_ => Identity.SelfSigned("CN=mesh", Silent).Certificate.RawData);
        _crowd = [Identity.SelfSigned("CN=mesh", Silent).Issue("CN=leaf").Certificate.RawData, .. namesakes];

        var names = Enumerable.Range(0, 1000).Select(number => $"h{number}.example.com").ToList();
        _named = [root.Issue("CN=leaf", CertificateShape.Client with { DnsNames = names }).Certificate.RawData];
        var constraints = new NameConstraintFacts([], []) { ExcludedTrees = [.. Enumerable.Range(0, 1000).Select(number => new GeneralName("DNS", $"x{number}.example.org"))] };
        _constrained = _constrained with { Certificates = [new TrustedCertificate(Read(root.Certificate.RawData) with { NameConstraints = constraints }, "/etc/nginx/clients.pem", true)] };

        _refusal = new Refusal
        {
            Reason = Analyse(_alone, _trust, 20), Time = Now, Incident = "00112233445566ff", Status = 495, Server = "api.example (nginx.conf:12)", Sni = "api.example", Host = "api.example",
            Errors = [new VerifyError(20, 0, "CN=device-7"), new VerifyError(21, 0, "CN=device-7")], Leaf = Read(_alone[0]), Presented = [_alone[0]],
        };
    }

    [Benchmark(Description = "missing intermediate, 21 trusted, 5 other servers")]
    public Reason MissingIntermediate() => Analyse(_alone, _trust, 20);

    [Benchmark(Description = "worst: 90 that all signed each other")]
    public Reason Mesh() => Analyse(_mesh, _trust, 20);

    [Benchmark(Description = "worst: 230 namesakes, none of which signed")]
    public Reason Crowd() => Analyse(_crowd, _trust, 20);

    [Benchmark(Description = "worst: 1000 names beside 1000 constraints")]
    public Reason Names() => Analyse(_named, _constrained, 48);

    [Benchmark(Description = "a line of the refusal log")]
    public byte[] Line() => RefusalJson.Line(RefusalEntry.Of(_refusal!));

    [Benchmark(Description = "an entry of the ledger")]
    public byte[] Whole() => RefusalJson.Whole(RefusalEntry.Of(_refusal!), _refusal!.Presented);

    private Reason Analyse(IReadOnlyList<byte[]> presented, TrustFacts trust, int error)
    {
        using var signatures = new CertificateSignatures();
        var budget = new AnalysisBudget();
        return ChainReasons.Of(new ChainCase
        {
            Presented = [.. presented.TakeWhile(der => budget.TakeBytes(der.Length)).Select(der => Read(der))],
            Trust = trust,
            OtherServers = _others,
            Seen = _seen,
            Errors = [new VerifyError(error, 0, ""), new VerifyError(21, 0, "")],
            Now = Now,
            IsSigned = signatures.IsSigned,
            Budget = budget,
        }).Reason;
    }

    private static CertificateFacts Read(byte[] der) => CertificateReader.Read(der)!;

    private static TrustFacts Trusting(string server, IReadOnlyList<Identity> bundle) => new()
    {
        Server = server,
        Bundle = "/etc/nginx/clients.pem",
        BundleAt = "nginx.conf:14",
        Certificates = [.. bundle.Select(identity => new TrustedCertificate(Read(identity.Certificate.RawData), "/etc/nginx/clients.pem", true))],
    };
}
