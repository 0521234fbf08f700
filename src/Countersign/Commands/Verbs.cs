using System.CommandLine;
using Countersign.Commands.Bundle;
using Countersign.Commands.Demo;
using Countersign.Commands.Explain;
using Countersign.Commands.Incidents;
using Countersign.Commands.Probe;

namespace Countersign.Commands;

/// <summary>What the program does besides serving: words, where nginx's command line has letters only.</summary>
internal static class Verbs
{
    public static readonly string[] Words = ["bundle", "demo", "explain", "incident", "probe", "tail"];

    private static readonly TimeSpan TimeToTidyUp = TimeSpan.FromSeconds(10);

    /// <summary>Whether the first argument is one of the words; otherwise nginx's rules read the arguments.</summary>
    public static bool Has(string[] arguments) => arguments is [var first, ..] && Words.Contains(first);

    public static int Run(string[] arguments)
    {
        var root = new RootCommand("A reverse proxy that authenticates clients by certificate; countersign -h has the options for serving") 
        {
            BundleCommand.Create(), DemoCommand.Create(), ExplainCommand.Create(), IncidentCommand.Create(), ProbeCommand.Create(), TailCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeToTidyUp, EnableDefaultExceptionHandler = false };
        return OutputException.Guard(UsageException.ExitCode, () => CommandException.Guard(arguments.Contains("--json"), Console.Out, Console.Error, () =>
            WrongWord(root, parsed, arguments) is { } wrong ? throw new UsageException(wrong, $"countersign {arguments[0]} --help") : parsed.Invoke(configuration)));
    }

    /// <summary>The library takes a mistyped option for an argument, and complains of the argument after it.</summary>
    private static string? WrongWord(RootCommand root, ParseResult parsed, string[] arguments)
    {
        var options = root.Options.Concat(parsed.CommandResult.Command.Options).Select(option => option.Name).ToHashSet();
        var unknown = arguments.TakeWhile(word => word != "--").FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && !options.Contains(word.Split('=', ':')[0]));
        return unknown is not null ? $"there is no option {unknown}"
            : parsed.Errors is [var first, ..] ? char.ToLowerInvariant(first.Message[0]) + first.Message[1..].TrimEnd('.')
            : null;
    }
}
