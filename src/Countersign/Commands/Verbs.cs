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
        var code = OutputException.Guard(UsageException.ExitCode, () => parsed.Invoke(configuration));
        return parsed.Errors.Count > 0 ? UsageException.ExitCode : code;
    }
}
