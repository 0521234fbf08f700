namespace Countersign.EndToEnd;

/// <summary>user: what faces the network is not root; what loads certificates still can.</summary>
public sealed class Privileges
{
    private static string AsDaemon => Gate.Configuration(Gate.Guarded, "user daemon; error_log logs/error.log info;");

    private static Task<Gate> Open() => Open(AsDaemon);

    private static async Task<Gate> Open(string configuration, string listen = "%%tls%% ssl;")
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become somebody else");
        return await Gate.Open(configuration.Replace("listen %%tls%% ssl;", $"listen {listen}"));
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
    public async Task A_reload_still_binds_a_port_that_only_root_may_bind()
    {
        const string low = "127.77.0.1:617";
        await using var gate = await Open();
        gate.Server.Configure(AsDaemon.Replace("listen %%tls%% ssl;", $"listen %%tls%% ssl; listen {low} ssl;"));
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(
            async () =>
            {
                using var client = await RawClient.Connect(System.Net.IPEndPoint.Parse(low), new TlsClient { Identity = gate.Client });
                await client.Send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
                return (await client.ReadToEnd()).EndsWith("hello", StringComparison.Ordinal);
            },
            "an answer on the low port", gate.Server.Evidence);
    }

    [Fact]
    public async Task The_logs_are_written_after_root_is_given_away()
    {
        await using var gate = await Open();
        await gate.Get("tls", "/seen");
        await gate.Server.AccessLog.WaitFor("/seen");
    }

    [Fact]
    public async Task Usr1_makes_new_logs_in_a_folder_of_roots()
    {
        await using var gate = await Open();
        await gate.Get("tls", "/before");
        await gate.Server.AccessLog.WaitFor("/before");
        File.Move(gate.Server.AccessLog.Path, gate.Server.AccessLog.Path + ".1");
        File.Move(gate.Server.ErrorLog.Path, gate.Server.ErrorLog.Path + ".1");
        await gate.Server.Signal("USR1");
        await Deadline.Eventually(
            async () =>
            {
                await gate.Get("tls", "/after");
                return gate.Server.AccessLog.Read().Contains("/after", StringComparison.Ordinal);
            },
            "a line in the new access log", gate.Server.Evidence);
        await Deadline.Until(() => File.Exists(gate.Server.ErrorLog.Path), "a new error log");
        gate.Server.AccessLog.Read().ShouldNotContain("/before");
    }

    [Fact]
    public async Task Usr1_takes_a_log_that_root_has_made_in_the_old_ones_place()
    {
        await using var gate = await Open();
        File.Move(gate.Server.AccessLog.Path, gate.Server.AccessLog.Path + ".1");
        File.WriteAllText(gate.Server.AccessLog.Path, "");
        File.SetUnixFileMode(gate.Server.AccessLog.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await gate.Server.Signal("USR1");
        await Deadline.Eventually(
            async () =>
            {
                await gate.Get("tls", "/after");
                return gate.Server.AccessLog.Read().Contains("/after", StringComparison.Ordinal);
            },
            "a line in root's log", gate.Server.Evidence);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("QUIT")]
    public async Task Pid_file_and_sockets_go_from_a_folder_of_roots(string signal)
    {
        await using var gate = await Open(AsDaemon, "%%tls%% ssl; listen unix:%%prefix%%/logs/gate.socket ssl;");
        File.Exists(Path.Combine(gate.Server.Prefix, "logs/gate.socket")).ShouldBeTrue();
        await gate.Server.Signal(signal);
        (await gate.Server.WaitForExit()).ShouldBe(0);
        File.Exists(Path.Combine(gate.Server.Prefix, "logs/server.pid")).ShouldBeFalse();
        File.Exists(Path.Combine(gate.Server.Prefix, "logs/gate.socket")).ShouldBeFalse();
        gate.Server.ErrorLog.Read().ShouldNotContain("[emerg]");
    }

    [Fact]
    public async Task A_reload_makes_logs_pid_file_and_sockets_in_a_folder_of_roots_and_takes_the_old_ones_away()
    {
        await using var gate = await Open(AsDaemon, "%%tls%% ssl; listen unix:%%prefix%%/logs/first.socket ssl;");
        var second = AsDaemon.Replace("listen %%tls%% ssl;", "listen %%tls%% ssl; listen unix:%%prefix%%/logs/second.socket ssl;")
            .Replace("logs/server.pid", "logs/other.pid").Replace("logs/access.log", "logs/other.log").Replace("temp/proxy", "other-temp");
        gate.Server.Configure(second);
        await gate.Server.Signal("HUP");
        var folder = Path.Combine(gate.Server.Prefix, "logs");
        await Deadline.Until(
            () => new FileInfo(Path.Combine(folder, "other.pid")) is { Exists: true, Length: > 0 }
                && !File.Exists(Path.Combine(folder, "server.pid")) && !File.Exists(Path.Combine(folder, "first.socket")),
            "the new files in the old ones' place", gate.Server.Evidence);
        File.Exists(Path.Combine(folder, "second.socket")).ShouldBeTrue();
        Directory.Exists(Path.Combine(gate.Server.Prefix, "other-temp")).ShouldBeTrue();
        await Deadline.Eventually(
            async () =>
            {
                await gate.Get("tls", "/after");
                return File.ReadAllText(Path.Combine(folder, "other.log")).Contains("/after", StringComparison.Ordinal);
            },
            "a line in the new log", gate.Server.Evidence);
        gate.Server.ErrorLog.Read().ShouldNotContain("[emerg]");
    }

    [Fact]
    public async Task Where_its_folders_are_its_own_it_keeps_only_reading_and_binding()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "its master stays root");
        using var folder = new TemporaryFolder();
        await CommandLine.Run("chown", ["daemon", folder.Path]);
        await using var gate = await Open(AsDaemon.Replace("logs/", folder.Path + "/"));
        await gate.Get("tls", "/seen");
        await new LogFile(folder.File("access.log")).WaitFor("/seen");
        // In a container without CAP_DAC_READ_SEARCH, root itself reads by the right to write.
        Capabilities(gate).ShouldBe([OfRoot(Read) != 0 ? OfRoot(Read | Bind) : OfRoot(Write | Bind)]);
        await gate.Server.Signal("TERM");
        (await gate.Server.WaitForExit()).ShouldBe(0);
        File.Exists(folder.File("server.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_they_are_roots_it_keeps_writing_too_and_says_so()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "its master stays root");
        await using var gate = await Open();
        Capabilities(gate).ShouldBe([OfRoot(Read | Bind | Write)]);
        gate.Server.ErrorLog.Read().ShouldContain($"keeping CAP_DAC_OVERRIDE for reloads and log rotation: \"daemon\" may not write to \"{gate.Server.Prefix}/logs\"");
    }

    private const int Write = 1 << 1;
    private const int Read = 1 << 2;
    private const int Bind = 1 << 10;

    /// <summary>Those that root has here: a container may not give it all.</summary>
    private static int OfRoot(int mask) => mask & Mask(File.ReadAllLines("/proc/self/status"), "CapPrm:");

    /// <summary>What threads are permitted, of those that are permitted anything; the threads that serve must not be, and nobody has any in effect.</summary>
    private static int[] Capabilities(Gate gate)
    {
        var threads = Directory.GetDirectories($"/proc/{gate.Server.Process.Id}/task").Select(task => File.ReadAllLines(Path.Combine(task, "status"))).ToList();
        threads.Where(thread => Value(thread, "Name:").StartsWith("loop", StringComparison.Ordinal)).ShouldNotBeEmpty();
        threads.ShouldAllBe(thread => Mask(thread, "CapEff:") == 0);
        threads.Where(thread => Value(thread, "Name:").StartsWith("loop", StringComparison.Ordinal)).ShouldAllBe(thread => Mask(thread, "CapPrm:") == 0);
        return [.. threads.Select(thread => Mask(thread, "CapPrm:")).Where(mask => mask != 0).Distinct()];
    }

    private static string Value(string[] status, string field) => status.First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Trim();

    private static int Mask(string[] status, string field) => (int)Convert.ToUInt64(Value(status, field), 16);

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
