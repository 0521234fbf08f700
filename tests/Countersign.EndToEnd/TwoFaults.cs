namespace Countersign.EndToEnd;

/// <summary>Of two faults in one server, <c>-t</c> complains first of the one that nginx complains of.</summary>
public sealed class TwoFaults : IDisposable
{
    private static readonly Dictionary<string, (string Directives, string Said)> Faults = new()
    {
        ["certificate"] = ("ssl_certificate none.pem;", "none.pem"),
        ["key"] = ("ssl_certificate_key other.key;", "other.key"),
        ["ciphers"] = ("ssl_ciphers NONSENSE;", "NONSENSE"),
        ["no bundle"] = ("ssl_client_certificate;", "no ssl_client_certificate"),
        ["bundle"] = ("ssl_client_certificate none-bundle.pem;", "none-bundle.pem"),
        ["list"] = ("ssl_crl none.crl;", "none.crl"),
        ["responder"] = ("ssl_ocsp on; ssl_ocsp_responder https://ocsp.example/;", "https://ocsp.example/"),
        ["question"] = ("ssl_ocsp on; ssl_verify_client optional_no_ca;", "\"ssl_ocsp\" is incompatible with"),
        ["parameters"] = ("ssl_dhparam none.dh;", "none.dh"),
        ["curve"] = ("ssl_ecdh_curve nonsense;", "nonsense"),
        ["ticket key"] = ("ssl_session_ticket_key none.ticket;", "none.ticket"),
        ["command"] = ("ssl_conf_command Nonsense x;", "SSL_CONF_cmd"),
    };

    private readonly TemporaryFolder _folder = new();

    public TwoFaults()
    {
        using var server = Identity.SelfSigned("CN=gate", CertificateShape.Server);
        using var other = Identity.SelfSigned("CN=other", CertificateShape.Server);
        _folder.Write("server.pem", server.Pem);
        _folder.Write("server.key", server.KeyPem);
        _folder.Write("other.key", other.KeyPem);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("certificate", "responder")]
    [InlineData("certificate", "no bundle")]
    [InlineData("certificate", "ticket key")]
    [InlineData("key", "question")]
    [InlineData("key", "bundle")]
    [InlineData("ciphers", "certificate")]
    [InlineData("ciphers", "no bundle")]
    [InlineData("ciphers", "responder")]
    [InlineData("no bundle", "list")]
    [InlineData("bundle", "list")]
    [InlineData("bundle", "responder")]
    [InlineData("list", "responder")]
    [InlineData("list", "question")]
    [InlineData("responder", "parameters")]
    [InlineData("question", "curve")]
    [InlineData("parameters", "curve")]
    [InlineData("curve", "ticket key")]
    [InlineData("ticket key", "command")]
    public async Task The_first_is_nginx_s_first(string first, string second)
    {
        var configuration = Configuration(first, second);
        (await Complaint(ServerProgram.Nginx, configuration)).ShouldContain(Faults[first].Said);
        (await Complaint(ServerProgram.Countersign, configuration)).ShouldContain(Faults[first].Said);
    }

    [Fact]
    public async Task What_needs_no_file_is_said_as_well_and_with_what_to_do()
    {
        var said = (await Test(ServerProgram.Countersign, Configuration("certificate", "responder"))).Error;
        said.ShouldContain("[emerg] cannot load certificate \"");
        said.ShouldContain("[emerg] invalid URL prefix in OCSP responder \"https://ocsp.example/\" in \"ssl_ocsp_responder\"\n  Write http:// with a host that can be found.\n");
    }

    private static string Configuration(params string[] faults)
    {
        var directives = new Dictionary<string, string>
        {
            ["ssl_certificate"] = "server.pem", ["ssl_certificate_key"] = "server.key", ["ssl_client_certificate"] = "server.pem", ["ssl_verify_client"] = "on",
        };
        foreach (var directive in faults.SelectMany(fault => Faults[fault].Directives.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var words = directive.Split(' ', 2);
            directives[words[0]] = words is [_, var value] ? value : "";
        }
        return string.Concat(directives.Where(one => one.Value.Length > 0).Select(one => $"{one.Key} {one.Value};\n"));
    }

    private async Task<string> Complaint(ServerProgram program, string directives)
    {
        var result = await Test(program, directives);
        result.ExitCode.ShouldBe(1, result.Both);
        return result.Both.Split('\n').First(line => line.Contains("[emerg] ", StringComparison.Ordinal));
    }

    private Task<CommandResult> Test(ServerProgram program, string directives)
    {
        var file = _folder.Write("nginx.conf", $"pid gate.pid; error_log stderr; events {{ }} http {{ access_log off; server {{ listen 127.0.0.1:8443 ssl;\n{directives}}} }}\n");
        return CommandLine.Run(program.Require(), ["-t", "-p", _folder.Path, "-c", file, "-e", "error.log"]);
    }
}
