using System.CommandLine;
using Countersign.Configuration;

namespace Countersign.Commands.Incidents;

/// <summary>Where the refusals of a gate are: its socket and its files, as its configuration names them.</summary>
internal sealed class RefusalSource
{
    /// <summary>Of the configuration, absolute.</summary>
    public required string File { get; init; }

    /// <summary>Null for a gate without one.</summary>
    public required string? Socket { get; init; }

    /// <summary>The ledger's file and the logs in JSON, the fuller ones first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <exception cref="IncidentException">The configuration cannot be read.</exception>
    public static RefusalSource Of(string? file, string? prefix)
    {
        var arguments = ConfigurationFile.Arguments(file, prefix);
        var loaded = ConfigurationFile.Load(arguments);
        if (loaded.Plan is not { } plan)
        {
            var first = loaded.Problems.First(problem => problem.Level == ProblemLevel.Error);
            throw new IncidentException(ByteText.ToUnicode(ProblemText.NginxLine(first)), $"countersign -t -c {arguments.File}");
        }
        return new RefusalSource
        {
            File = arguments.File,
            Socket = plan.Http?.Refusals.Socket is { } socket ? ByteText.ToUnicode(socket) : null,
            Files =
            [
                .. new[] { plan.Http?.Refusals.LedgerFile }
                    .Concat((plan.Http?.Servers ?? []).Select(server => server.Refusals.Log is { IsText: false } log ? log.Path : null))
                    .OfType<string>().Where(path => path != "stderr").Distinct().Select(ByteText.ToUnicode),
            ],
        };
    }

    /// <summary>-c and -p as nginx has them.</summary>
    public static (Option<string> File, Option<string> Prefix) Options() =>
        (new Option<string>("-c") { Description = $"configuration of the gate (default: {NginxArguments.DefaultFile})", HelpName = "file" },
            new Option<string>("-p") { Description = $"prefix of the gate (default: {NginxArguments.DefaultPrefix})", HelpName = "folder" });
}

/// <summary>It cannot be told.</summary>
/// <param name="next">What to type next.</param>
internal sealed class IncidentException(string message, string next) : Exception(message)
{
    /// <summary>Runs a command; a failure goes to standard error, with what to type next, and makes 1 of it.</summary>
    public static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (IncidentException fault)
        {
            Console.Error.WriteLine($"countersign: {fault.Message}\nTry: {fault.Next}");
            return 1;
        }
    }

    public string Next => next;
}
