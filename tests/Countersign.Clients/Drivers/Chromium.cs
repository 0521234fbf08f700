using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

/// <summary>
/// Headless Chromium, with a home of its own whose NSS store has the one identity. A policy chooses it, as administrators have it chosen: without one
/// Chromium shows a list that nobody sees. The policy is private to the profile, as the browser's own chrome://policy/test leaves it for the next
/// start, so nothing is written to /etc.
/// </summary>
public sealed partial class Chromium : Driver
{
    public override string Name => "Chromium on Linux, certificate chosen by a policy";

    public override string Stack => "NSS";

    /// <summary>Every visit starts a browser: one version has to do.</summary>
    public override IReadOnlyList<string> Protocols => GateUnderMeasure.Protocols.Take(1).ToList();

    public override string Guess => "Chrome";

    public override async Task<string> Version() => (await FirstLine("/usr/lib/chromium/chromium", "--version")).Split(" built")[0];

    protected override async Task<Seen> Run(Visit visit)
    {
        using var home = await Home(visit, hasPolicy: true);
        var result = await CommandLine.Run("env", Arguments(home, visit.Url), within: Longest);
        return new Seen(Words(result.Output));
    }

    /// <summary>Starts one that asks its user; it shows its list to nobody until it is killed.</summary>
    public static async Task<Waiting> WithoutPolicy(Visit visit)
    {
        var home = await Home(visit, hasPolicy: false);
        return new Waiting(home, CommandLine.Start("env", Arguments(home, visit.Url)));
    }

    private static async Task<TemporaryFolder> Home(Visit visit, bool hasPolicy)
    {
        Prerequisite.Require("chromium");
        var home = new TemporaryFolder();
        var store = home.File(".pki/nssdb");
        Directory.CreateDirectory(store);
        await Fill("certutil", "-N", "-d", "sql:" + store, "--empty-password");
        await Fill("certutil", "-A", "-d", "sql:" + store, "-n", "servers", "-t", "C,,", "-i", visit.Credentials.ServerAuthority);
        if (visit.HasCertificate)
        {
            await Fill("pk12util", "-i", visit.Pkcs12, "-d", "sql:" + store, "-W", Credentials.Password);
        }
        home.Write("profile/Local State", hasPolicy ? JsonSerializer.Serialize(new Dictionary<string, string> { ["local_test_policies_for_next_startup"] = Policy }) : "{}");
        return home;
    }

    /// <summary>Mandatory, for the machine, from the platform: what the file in /etc/chromium/policies/managed would be.</summary>
    private const string Policy = """
        [{"level":1,"scope":1,"source":1,"namespace":"chrome","name":"AutoSelectCertificateForUrls","value":["{\"pattern\":\"https://localhost\",\"filter\":{}}"]}]
        """;

    private static string[] Arguments(TemporaryFolder home, string url) =>
    [
        "HOME=" + home.Path, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + home.File("profile"), "--dump-dom", url,
    ];

    private static string Words(string page) =>
        Heading().Match(page) is { Success: true } heading ? "a page: " + heading.Groups[1].Value
        : page.Contains("let in", StringComparison.Ordinal) ? "HTTP 200"
        : ErrorCode().Match(page) is { Success: true } code ? code.Value
        : throw new InvalidOperationException($"Chromium showed:\n{page}");

    private static async Task Fill(string program, params string[] arguments)
    {
        var result = await CommandLine.Run(program, arguments, within: Longest);
        result.ExitCode.ShouldBe(0, result.Both);
    }

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Heading();

    [GeneratedRegex("ERR_[A-Z_]+")]
    private static partial Regex ErrorCode();

    /// <summary>A Chromium whose user says nothing.</summary>
    public sealed class Waiting : IAsyncDisposable
    {
        private readonly TemporaryFolder _home;
        private readonly Process _process;

        internal Waiting(TemporaryFolder home, Process process)
        {
            (_home, _process) = (home, process);
            // Somebody has to read, or it would wait for that.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        public bool HasEnded => _process.HasExited;

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(Deadline.Token());
            _process.Dispose();
            _home.Dispose();
        }
    }
}
