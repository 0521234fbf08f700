using System.CommandLine;
using Countersign.Configuration;

namespace Countersign.Commands.Incidents;

/// <summary>Where the refusals of a gate are: its socket and its files, as its configuration names them.</summary>
internal sealed class RefusalSource
{
    /// <summary>Of the configuration, absolute.</summary>
    public required string File { get; init; }

    /// <inheritdoc cref="NginxArguments.Selection"/>
    public required string Selection { get; init; }

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
            throw new IncidentException(ByteText.ToUnicode(ProblemText.NginxLine(first)), $"countersign -t{arguments.Selection}");
        }
        return new RefusalSource
        {
            File = arguments.File,
            Selection = arguments.Selection,
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
internal sealed class IncidentException(string message, string next) : CommandException(message, next, exitCode: 1);
