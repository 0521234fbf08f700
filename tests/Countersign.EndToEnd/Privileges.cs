namespace Countersign.EndToEnd;

/// <summary>user: what faces the network is not root; what loads certificates still can.</summary>
public sealed class Privileges
{
    private static string AsDaemon => Gate.Configuration(Gate.Guarded, "user daemon; error_log logs/error.log info;");

    private static async Task<Gate> Open()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become somebody else");
        return await Gate.Open(AsDaemon);
    }

    [Fact]
    public async Task The_threads_that_serve_are_not_root()
    {
        await using var gate = await Open();
        (await gate.Get("tls")).ShouldEndWith("hello");
        // With one process every thread has given root away; with workers the last of the family is one.
        var tasks = Directory.GetDirectories($"/proc/{gate.Server.Family()[^1]}/task");
        tasks.ShouldNotBeEmpty();
        foreach (var task in tasks)
        {
            var status = File.ReadAllLines(Path.Combine(task, "status"));
            Ids(status, "Uid:").ShouldAllBe(id => id != "0", task);
            Ids(status, "Gid:").ShouldAllBe(id => id != "0", task);
        }
    }

    [Fact]
    public async Task A_reload_still_reads_a_key_that_only_root_may_read()
    {
        await using var gate = await Open();
        using var renewed = gate.Root.Issue("CN=localhost", CertificateShape.Server with { Serial = "77" });
        gate.WritePki("server.pem", renewed.Pem);
        gate.WritePki("server.key", renewed.KeyPem);
        File.SetUnixFileMode(gate.Pki("server.key"), UnixFileMode.UserRead);
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(async () => await Serial(gate) == "77", "the renewed certificate", gate.Server.Evidence);
    }

    [Fact]
    public async Task The_logs_are_written_after_root_is_given_away()
    {
        await using var gate = await Open();
        await gate.Get("tls", "/seen");
        await gate.Server.AccessLog.WaitFor("/seen");
    }

    private static string[] Ids(string[] status, string field) =>
        status.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t')[1..];

    private static async Task<string> Serial(Gate gate)
    {
        var result = await OpenSsl.Connect(gate.Server.EndPoint("tls"), new SClient { Quiet = false }, "GET / HTTP/1.0\r\n\r\n");
        var from = result.Output.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        var to = result.Output.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal);
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(result.Output.AsSpan(from, to - from + 25));
        return certificate.SerialNumber;
    }
}
