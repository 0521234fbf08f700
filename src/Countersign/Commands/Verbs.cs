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
    private static readonly TimeSpan TimeToTidyUp = TimeSpan.FromSeconds(10);

    /// <summary>Whether the first argument is one of the words; otherwise nginx's rules read the arguments.</summary>
    public static bool Has(string[] arguments) => arguments is ["bundle" or "demo" or "explain" or "incident" or "probe" or "tail", ..];

    public static int Run(string[] arguments)
    {
        var root = new RootCommand("A reverse proxy that authenticates clients by certificate; countersign -h has the options for serving") 
        {
            BundleCommand.Create(), DemoCommand.Create(), ExplainCommand.Create(), IncidentCommand.Create(), ProbeCommand.Create(), TailCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var code = parsed.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = TimeToTidyUp });
        return parsed.Errors.Count > 0 ? UsageException.ExitCode : code;
    }
}
