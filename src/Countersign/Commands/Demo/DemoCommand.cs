using System.CommandLine;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace Countersign.Commands.Demo;

/// <summary><c>countersign demo</c>: a gate, a backend, a throw-away CA, and every common refusal.</summary>
internal static class DemoCommand
{
    /// <summary>128 and SIGINT's number, as shells count.</summary>
    private const int Interrupted = 130;

    public static Command Create()
    {
        var stay = new Option<bool>("--stay") { Description = "leave the gate open afterwards and print commands to try, until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "print one JSON object instead of text" };
        var gate = new Option<string>("--gate") { Description = "drive another server with nginx's command line, such as /usr/sbin/nginx", HelpName = "program" };
        var command = new Command("demo", "Start a gate with a throw-away CA on loopback and show whom it lets in, whom it refuses, and what it logs")
        {
            stay, json, gate,
        };
        command.SetAction((parsed, cancellation) => Run(new DemoOptions
        {
            Stay = parsed.GetValue(stay),
            Json = parsed.GetValue(json),
            Gate = parsed.GetValue(gate),
        }, cancellation));
        return command;
    }

    /// <returns>0 when each case went as it should, 1 when not or when the gate did not start.</returns>
    private static async Task<int> Run(DemoOptions options, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A terminal that is closed must not leave keys and a gate behind either; the library hears SIGINT and SIGTERM only.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            ending.Cancel();
        });
        try
        {
            return await Run(options, Terminal(), ending.Token);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private static async Task<int> Run(DemoOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        var program = options.Gate ?? OwnProgram();
        await using var stage = await Prepare(options, program, console, cancellation);
        var report = new DemoReport(console);
        if (!options.Json)
        {
            report.WriteStart(program, stage);
        }
        var outcomes = new List<DemoOutcome>();
        foreach (var one in DemoCases.All)
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = await stage.Play(one, cancellation);
            outcomes.Add(outcome);
            if (!options.Json)
            {
                report.Write(outcome);
            }
        }
        var suggestions = options.Stay ? DemoSuggestion.For(stage, options.Gate is null ? program : null) : [];
        if (options.Json)
        {
            using var output = StandardStream.Output;
            DemoJson.Write(output, program, stage, outcomes, suggestions);
        }
        else
        {
            report.WriteEnd(outcomes);
            if (!options.Stay)
            {
                report.WriteNext(options.Gate);
            }
        }
        if (options.Stay)
        {
            if (!options.Json)
            {
                report.WriteSuggestions(suggestions);
            }
            return await EndsByItself(stage, cancellation)
                ? new DemoGateException("the gate ended by itself", "countersign demo --stay").Tell(json: false, Console.Out, Console.Error)
                : DemoOutcome.ExitCode(outcomes);
        }
        return DemoOutcome.ExitCode(outcomes);
    }

    private static async Task<DemoStage> Prepare(DemoOptions options, string program, IAnsiConsole console, CancellationToken cancellation)
    {
        Task<DemoStage> Set() => DemoStage.Set(program, options.Gate is not null, TimeProvider.System, cancellation);
        return options.Json || !console.Profile.Capabilities.Interactive
            ? await Set()
            : await console.Status().StartAsync("Making certificates, starting the gate", _ => Set());
    }

    /// <summary>Ctrl-C is how it is meant to end.</summary>
    private static async Task<bool> EndsByItself(DemoStage stage, CancellationToken cancellation)
    {
        var interrupted = new TaskCompletionSource();
        using var registration = cancellation.Register(interrupted.SetResult);
        await Task.WhenAny(interrupted.Task, stage.Gate.Ended);
        // A terminal's Ctrl-C goes to the gate as well, and the gate may be the quicker one.
        return await Task.WhenAny(interrupted.Task, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)) != interrupted.Task;
    }

    /// <summary>Colour is for terminals that want it (Spectre.Console reads NO_COLOR); what goes to a file or a pipe is not wrapped.</summary>
    private static IAnsiConsole Terminal()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 4096;
        }
        return console;
    }

    /// <summary>This very program, also when the runtime's own host was started with it.</summary>
    private static string OwnProgram() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? path : Path.Combine(AppContext.BaseDirectory, "countersign");
}
