namespace Countersign.Native.Tests.OpenSsl;

public sealed class ServerCheckTests : IDisposable
{
    private const int UnableToGetIssuerLocally = 20;
    private const int UnableToVerifyLeaf = 21;
    private const int Expired = 10;
    private const int HostMismatch = 62;
    private const int AddressMismatch = 64;

    private readonly Identity _root = Identity.SelfSigned("CN=Root");
    private readonly TemporaryFolder _folder = new();
    private readonly Identity _issuing;

    public ServerCheckTests() => _issuing = _root.Issue("CN=Issuing", CertificateShape.Authority);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData(null)]
    public void A_good_chain_has_no_problem_and_a_path_to_its_anchor(string? name)
    {
        using var leaf = _issuing.Issue("CN=Server", CertificateShape.Server);
        var verdict = Check(name, leaf, _issuing);
        verdict.Problems.ShouldBeEmpty();
        verdict.Path.ShouldBe([leaf.Certificate.RawData, _issuing.Certificate.RawData, _root.Certificate.RawData]);
    }

    [Fact]
    public void The_order_in_which_it_was_sent_does_not_matter()
    {
        using var leaf = _issuing.Issue("CN=Server", CertificateShape.Server);
        Check(null, leaf, _root, _issuing).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("other.example", HostMismatch)]
    [InlineData("192.0.2.1", AddressMismatch)]
    public void Another_name_is_a_problem(string name, int error)
    {
        using var leaf = _issuing.Issue("CN=Server", CertificateShape.Server);
        Check(name, leaf, _issuing).Problems.Select(problem => problem.Error).ShouldBe([error]);
    }

    [Fact]
    public void Every_problem_is_found()
    {
        using var leaf = _issuing.Issue("CN=Server", CertificateShape.Server with { NotBefore = DateTimeOffset.UtcNow.AddDays(-2), NotAfter = DateTimeOffset.UtcNow.AddDays(-1) });
        Check("other.example", leaf).Problems.Select(problem => problem.Error)
            .ShouldBe([UnableToGetIssuerLocally, UnableToVerifyLeaf, Expired, HostMismatch], ignoreOrder: true);
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuing.Dispose();
        _folder.Dispose();
    }

    private TlsServerVerdict Check(string? name, params Identity[] sent)
    {
        using var trust = TlsClientContext.Create(new TlsClientOptions { Verify = true, TrustedCertificate = _folder.Write("root.pem", _root.Pem) });
        var chain = sent.Select(one => Certificate.FromDer(one.Certificate.RawData)!).ToArray();
        try
        {
            return TlsServerCheck.Run(trust, chain, name);
        }
        finally
        {
            Array.ForEach(chain, certificate => certificate.Dispose());
        }
    }
}
