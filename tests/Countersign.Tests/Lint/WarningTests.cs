namespace Countersign.Tests.Lint;

/// <summary>What holds for all warnings.</summary>
public sealed class WarningTests : IDisposable
{
    private readonly Tested _gate = new();

    [Fact]
    public void Servers_with_the_same_defect_have_one_warning()
    {
        _gate.Write("bundle.pem", Tested.Issuing.Pem);
        _gate.Write("copy.pem", Tested.Issuing.Pem);
        var servers = Enumerable.Range(1, 20).Select(number => Tested.Gate($"{number}.example.com").Replace("bundle.pem", number % 2 == 0 ? "copy.pem" : "bundle.pem"));
        var said = _gate.Http(string.Concat(servers));
        said.Split("[warn]").Length.ShouldBe(2, said);
        said.ShouldContain("servers \"1.example.com\", \"2.example.com\", \"3.example.com\", \"4.example.com\", \"5.example.com\" and 15 more) in ");
    }

    [Fact]
    public void Quiet_is_quiet()
    {
        _gate.Write("bundle.pem", Tested.Issuing.Pem);
        _gate.Http(Tested.Gate("gate.example.com"), "-tq").ShouldBeEmpty();
    }

    [Fact]
    public void A_server_that_no_client_reaches_over_TLS_has_no_warnings()
    {
        _gate.Write("bundle.pem", Tested.Issuing.Pem);
        _gate.Http(Tested.Gate("gate.example.com", "refusal_log off; compatibility nginx; return 200;", "127.0.0.1:8080")).ShouldBeEmpty();
    }

    [Fact]
    public void Names_out_of_a_certificate_cannot_steer_a_terminal()
    {
        _gate.Write("bundle.pem", Tested.Root.Issue("CN=\"\u001b[2J\r\nroot\"", CertificateShape.Authority with { NotAfter = DateTimeOffset.UtcNow.AddDays(1) }).Pem + Tested.Root.Pem);
        var said = _gate.Http(Tested.Gate("gate.example.com"));
        said.ShouldContain("(lint/expired-in-bundle, ");
        said.ShouldNotContain("\u001b");
        said.ShouldNotContain("\r");
    }

    public static TheoryData<string> Samples() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.conf").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_has_no_warnings(string sample)
    {
        foreach (var (name, text) in new[]
        {
            ("server.pem", Tested.Server.Pem), ("server.key", Tested.Server.KeyPem), ("gate.pem", Tested.Server.Pem), ("gate.key", Tested.Server.KeyPem),
            ("clients-ca.pem", Tested.Issuing.Pem + Tested.Root.Pem), ("backend-ca.pem", Tested.Root.Pem), ("clients.crl", Tested.Issuing.Crl() + Tested.Root.Crl()),
        })
        {
            _gate.Write($"certificates/{name}", text);
        }
        _gate.Whole(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", sample))).ShouldBeEmpty();
    }

    private const string Seed =
        """
        server {
            listen 127.0.0.1:8443 ssl;
            server_name service.domain.com;
            ssl_certificate server.pem;
            ssl_certificate_key server.key;
            ssl_client_certificate client_package.pem;
            ssl_verify_client on;
            ssl_verify_depth 2;
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_prefer_server_ciphers on;
            location / {
                proxy_set_header X-SSL-Cert $ssl_client_escaped_cert;
                proxy_set_header X-SSL-Verify $ssl_client_verify;
                proxy_set_header X-SSL-Serial $ssl_client_serial;
                proxy_pass http://127.0.0.1:8080;
            }
        }

        """;

    [Fact]
    public void The_usual_configuration_has_no_warnings()
    {
        _gate.Write("client_package.pem", Tested.Issuing.Pem + Tested.Root.Pem);
        _gate.Http(Seed).ShouldBeEmpty();
    }

    [Fact]
    public void The_usual_advice_to_add_all_clients_to_the_bundle_has_one()
    {
        _gate.Write("client_package.pem", Tested.Issuing.Pem + Tested.Root.Pem + Tested.Issuing.Issue("CN=client 1").Pem);
        var said = _gate.Http(Seed);
        said.ShouldContain("(lint/leaf-in-bundle, server \"service.domain.com\")");
        said.Split("[warn]").Length.ShouldBe(2, said);
    }

    public void Dispose() => _gate.Dispose();
}
