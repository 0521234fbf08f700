using System.Globalization;

namespace Countersign.EndToEnd;

/// <summary><c>daemon on</c>: the exit code at the terminal tells whether the gate serves, and nothing of the terminal is kept.</summary>
public sealed class Daemons
{
    private static string Configuration(string pid, string more = "") => Gate.Configuration(Gate.Plain + more)
        .Replace("daemon off;", "daemon on;").Replace("pid logs/server.pid;", $"pid {pid};");

    [Fact]
    public async Task The_start_returns_when_the_gate_serves_and_leaves_no_pipe_open()
    {
        using var folder = new TemporaryFolder();
        var pid = folder.File("daemon.pid");
        await using var gate = await Gate.Open(Configuration(pid), listens: false);
        try
        {
            (await gate.Server.WaitForExit()).ShouldBe(0, gate.Server.Evidence());
            // Read to their end: that would not come while the daemon holds them.
            await gate.Server.Process.WaitForExitAsync(Deadline.Token());
            gate.Server.Said.ShouldBe("");
            (await gate.Get("http", "/static")).ShouldEndWith("static\n");
        }
        finally
        {
            await Stop(pid);
        }
    }

    [Fact]
    public async Task A_daemon_leads_a_session_of_its_own_without_a_terminal()
    {
        using var folder = new TemporaryFolder();
        var pid = folder.File("daemon.pid");
        await using var gate = await Gate.Open(Configuration(pid), listens: false);
        try
        {
            (await gate.Server.WaitForExit()).ShouldBe(0, gate.Server.Evidence());
            var id = File.ReadAllText(pid).Trim();
            var status = File.ReadAllText($"/proc/{id}/stat");
            status[(status.LastIndexOf(')') + 2)..].Split(' ')[3].ShouldBe(id, "session");
            foreach (var standard in (string[])["0", "1"])
            {
                File.ResolveLinkTarget($"/proc/{id}/fd/{standard}", false)!.FullName.ShouldBe("/dev/null");
            }
        }
        finally
        {
            await Stop(pid);
        }
    }

    [Fact]
    public async Task A_start_that_fails_says_why_at_the_terminal()
    {
        using var folder = new TemporaryFolder();
        await using var gate = await Gate.Open(Configuration(folder.File("daemon.pid"), "server { listen 192.0.2.1:80; }\n"), listens: false);
        (await gate.Server.WaitForExit()).ShouldBe(1);
        await gate.Server.Process.WaitForExitAsync();
        gate.Server.Said.ShouldContain("[emerg] bind() to 192.0.2.1:80 failed (99: Cannot assign requested address)");
        File.Exists(folder.File("daemon.pid")).ShouldBeFalse();
    }

    private static async Task Stop(string pid)
    {
        var id = int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture);
        await CommandLine.Run("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {id}")]);
        await Deadline.Until(() => !File.Exists(pid), "the daemon to end");
    }
}
