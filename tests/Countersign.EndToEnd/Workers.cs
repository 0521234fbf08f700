using System.Globalization;

namespace Countersign.EndToEnd;

/// <summary>worker_processes and what it says of them: how many there are, where they run, how much they may open.</summary>
public sealed class Workers
{
    private static string Configuration(string main, string processes = "2", string word = "here") =>
        Gate.Configuration($$"""server { listen %%http%%; location / { return 200 "{{word}}\n"; } }""", "error_log logs/error.log info;" + main)
            .Replace("worker_processes 1;", $"worker_processes {processes};");

    [Fact]
    public async Task There_are_as_many_loops_as_processors_with_auto()
    {
        await using var gate = await Gate.Open(Configuration("", "auto"));
        await Deadline.Until(() => Loops(gate).Count == Environment.ProcessorCount, "as many loops", () => $"{Loops(gate).Count}");
    }

    [Fact]
    public async Task Each_loop_runs_on_the_processors_of_its_mask_until_a_reload_changes_it()
    {
        await using var gate = await Gate.Open(Configuration("worker_cpu_affinity 1;", "1"));
        await Deadline.Until(() => Allowed(gate, 0) == "0", "the loop to be bound", () => Allowed(gate, 0));
        gate.Server.ErrorLog.Read().ShouldContain("sched_setaffinity(): using cpu #0");
        await Reload(gate, Configuration("", "1", "free"), "free");
        Allowed(gate, 0).ShouldBe(Own());
        await Reload(gate, Configuration("worker_cpu_affinity auto 01;", "2", "auto"), "auto");
        await Deadline.Until(() => Allowed(gate, 0) == "0" && Allowed(gate, 1) == "0", "both loops to be bound to the only processor");
    }

    [Fact]
    public async Task Auto_gives_each_loop_a_processor_of_its_own()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "there is but one processor");
        await using var gate = await Gate.Open(Configuration("worker_cpu_affinity auto;"));
        await Deadline.Until(() => Allowed(gate, 0) == "0" && Allowed(gate, 1) == "1", "the loops to be bound", () => Allowed(gate, 1));
    }

    [Fact]
    public async Task A_processor_that_is_not_there_is_logged_and_the_loop_runs()
    {
        await using var gate = await Gate.Open(Configuration("worker_cpu_affinity 1" + new string('0', 1000) + ";"));
        (await gate.Get("http")).ShouldEndWith("here\n");
        await gate.Server.ErrorLog.WaitFor("sched_setaffinity() failed (22: Invalid argument)");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5")]
    public async Task The_loops_have_the_priority_that_is_asked_for(string niceness)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may go before others");
        await using var gate = await Gate.Open(Configuration($"user daemon; worker_priority {niceness};"));
        await Deadline.Until(
            () => Loops(gate) is { Count: 2 } loops && loops.TrueForAll(loop => Niceness(loop) == niceness), "both loops to have it", gate.Server.Evidence);
        if (niceness == "5")
        {
            await Reload(gate, Configuration("user daemon; worker_priority 7;", "3", "nicer"), "nicer");
            await Deadline.Until(() => Loops(gate).Count == 3 && Loops(gate).TrueForAll(loop => Niceness(loop) == "7"), "all loops to be nicer");
        }
    }

    [Fact]
    public async Task Descriptors_are_as_many_for_each_loop_as_worker_rlimit_nofile_says()
    {
        await using var gate = await Gate.Open(Configuration("worker_rlimit_nofile 600;"));
        Limit(gate).ShouldBe("1200");
        await Reload(gate, Configuration("worker_rlimit_nofile 700;", "1", "less"), "less");
        Limit(gate).ShouldBe("700");
    }

    [Fact]
    public async Task Worker_connections_are_for_each_loop()
    {
        // One loop has room for the port and twenty clients with their backends.
        await using var gate = await Gate.Open(
            Gate.Configuration(Gate.Plain, events: "worker_connections 42;").Replace("worker_processes 1;", "worker_processes 2;"));
        gate.App.Handler = Gate.Stalls;
        var clients = new List<RawClient>();
        await Deadline.Eventually(
            async () =>
            {
                var client = await gate.Connect("http");
                clients.Add(client);
                await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                return gate.App.Connections >= 30;
            },
            "thirty requests at the backend at once", gate.Server.Evidence);
        clients.ForEach(client => client.Dispose());
    }

    private static string Limit(Gate gate) => File.ReadLines($"/proc/{gate.Server.Process.Id}/limits")
        .First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];

    /// <summary>Folders of /proc of the threads that serve, in their order.</summary>
    private static List<string> Loops(Gate gate) => [.. Directory.GetDirectories($"/proc/{gate.Server.Process.Id}/task")
        .Where(task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("loop ", StringComparison.Ordinal))
        .OrderBy(task => File.ReadAllText(Path.Combine(task, "comm")), StringComparer.Ordinal)];

    private static string Allowed(Gate gate, int loop) => Loops(gate) is var loops && loop < loops.Count ? AllowedOf(loops[loop]) : "";

    private static string Own() => AllowedOf("/proc/self");

    private static string AllowedOf(string process) => File.ReadLines(Path.Combine(process, "status"))
        .First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1];

    private static string Niceness(string thread)
    {
        var status = File.ReadAllText(Path.Combine(thread, "stat"));
        return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task Reload(Gate gate, string configuration, string word)
    {
        gate.Server.Configure(configuration);
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(
            async () => (await gate.Get("http")).EndsWith(word + "\n", StringComparison.Ordinal), $"\"{word}\"", gate.Server.Evidence);
    }
}
