using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Commands;

namespace Countersign.Tests;

public sealed class TestCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public TestCommandTests() => Directory.CreateDirectory(Path.Combine(_folder, "logs"));

    [Fact]
    public void A_gate_with_its_certificates_passes()
    {
        WriteCertificate();
        var (code, said, _) = Run(Gate, "-t");
        said.ShouldBe(
            $"""
            countersign: the configuration file {_folder}/nginx.conf syntax is ok
            countersign: configuration file {_folder}/nginx.conf test is successful

            """);
        code.ShouldBe(0);
    }

    [Fact]
    public void A_certificate_that_is_not_there_fails_as_under_nginx()
    {
        var (code, said, _) = Run(Gate, "-t");
        said.ShouldContain($"[emerg] cannot load certificate \"{_folder}/c.pem\": BIO_new_file() failed");
        said.ShouldEndWith($"countersign: configuration file {_folder}/nginx.conf test failed\n");
        code.ShouldBe(1);
    }

    [Fact]
    public void An_empty_bundle_fails()
    {
        WriteCertificate();
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), "");
        var (code, said, _) = Run(Gate, "-t");
        said.ShouldContain("[emerg]");
        said.ShouldContain("ca.pem");
        code.ShouldBe(1);
    }

    [Fact]
    public void Advice_is_said_below_its_line_alone()
    {
        var (_, said, _) = Run("events { multi_accept on; }\nhttp { nosuch; }\n", "-t");
        said.ShouldNotContain("It tunes the inside of nginx");
    }

    [Fact]
    public void Every_error_is_said_with_its_line_and_advice()
    {
        var (code, said, _) = Run("events { }\nhttp {\n  server { proxi_pass x; }\n  keepalive_timeot 5;\n}\n", "-t");
        said.ShouldContain($"[emerg] unknown directive \"proxi_pass\" in {_folder}/nginx.conf:3");
        said.ShouldContain($"[emerg] unknown directive \"keepalive_timeot\" in {_folder}/nginx.conf:4");
        said.ShouldContain("\"keepalive_timeout\"");
        code.ShouldBe(1);
    }

    [Fact]
    public void A_quiet_dump_prints_the_files_and_nothing_else()
    {
        var (code, said, dumped) = Run("events { }\n", "-Tq");
        said.ShouldBeEmpty();
        dumped.ShouldBe($"# configuration file {_folder}/nginx.conf:\nevents {{ }}\n\n");
        code.ShouldBe(0);
    }

    [Fact]
    public void A_port_that_is_taken_passes_since_it_may_be_the_running_gate_s()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Run($"events {{ }}\nhttp {{ server {{ listen {taken.LocalEndpoint}; }} }}\n", "-t").Code.ShouldBe(0);
    }

    [Fact]
    public void An_address_that_the_machine_does_not_have_fails()
    {
        var (code, said, _) = Run("events { }\nhttp { server { listen 192.0.2.1:8080; } }\n", "-t");
        said.ShouldStartWith("countersign: [emerg] bind() to 192.0.2.1:8080 failed (99: Cannot assign requested address)\n");
        code.ShouldBe(1);
    }

    [Fact]
    public void A_log_without_its_folder_fails()
    {
        var (code, said, _) = Run("error_log nowhere/error.log;\nevents { }\n", "-t");
        said.ShouldContain($"[emerg] open() \"{_folder}/nowhere/error.log\" failed (2: No such file or directory)");
        code.ShouldBe(1);
    }

    [Fact]
    public void A_socket_in_the_file_system_is_tested_and_taken_away_again()
    {
        Run("events { }\nhttp { server { listen unix:gate.socket; } }\n".Replace("unix:", $"unix:{_folder}/"), "-t").Code.ShouldBe(0);
        File.Exists(Path.Combine(_folder, "gate.socket")).ShouldBeFalse();
    }

    [Fact]
    public void A_pid_file_keeps_its_process()
    {
        File.WriteAllText(Path.Combine(_folder, "gate.pid"), "17\n");
        Run("events { }\n", "-t").Code.ShouldBe(0);
        File.ReadAllText(Path.Combine(_folder, "gate.pid")).ShouldBe("17\n");
    }

    [Fact]
    public void What_is_wrong_is_also_in_the_log_of_the_command_line()
    {
        Run("events { }\nhttp { nonsense; }\n", "-t");
        File.ReadAllText(Path.Combine(_folder, "error.log")).ShouldMatch(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[emerg\] \d+#\d+: unknown directive ""nonsense"" in ");
    }

    private const string Gate =
        """
        events { }
        http {
            server {
                listen 127.0.0.1:8443 ssl;
                ssl_certificate c.pem;
                ssl_certificate_key k.pem;
                ssl_client_certificate ca.pem;
                ssl_verify_client on;
                location / { proxy_pass http://127.0.0.1:8080; }
            }
        }

        """;

    private (int Code, string Said, string Dumped) Run(string configuration, string option)
    {
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), configuration);
        using var said = new StringWriter { NewLine = "\n" };
        using var dumped = new MemoryStream();
        var code = TestCommand.Run(NginxArguments.Parse([option, "-p", _folder, "-c", "nginx.conf", "-e", "error.log", "-g", "pid gate.pid;"]), said, dumped);
        return (code, said.ToString(), Encoding.UTF8.GetString(dumped.ToArray()));
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=gate", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(365));
        File.WriteAllText(Path.Combine(_folder, "c.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "k.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => Directory.Delete(_folder, true);
}
