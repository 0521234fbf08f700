using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;

namespace Countersign.Commands;

/// <summary><c>-t</c> and <c>-T</c>: reads the configuration and everything it names, says what is wrong, serves nothing.</summary>
internal static class TestCommand
{
    /// <returns>0 when the configuration would start, otherwise 1.</returns>
    public static int Run(NginxArguments arguments, TextWriter error, Stream output)
    {
        var result = ConfigurationLoader.Load(new LoadOptions
        {
            File = arguments.File,
            Prefix = arguments.Prefix,
            GlobalDirectives = ByteText.FromUnicode(arguments.GlobalDirectives),
            DefaultErrorLog = arguments.ErrorLog,
            DefaultPidFile = "/run/countersign.pid",
        });
        foreach (var problem in result.Problems.Where(problem => !arguments.Quiet || problem.Level == ProblemLevel.Error))
        {
            error.WriteLine($"countersign: [{Level(problem.Level)}] {ProblemText.NginxLine(problem)}");
            if (problem.Advice is { } advice)
            {
                error.WriteLine($"  {advice}");
            }
        }
        if (result.Plan is not { } plan || !LoadTrust(plan, arguments, error))
        {
            error.WriteLine($"countersign: configuration file {arguments.File} test failed");
            return 1;
        }
        if (!arguments.Quiet)
        {
            error.WriteLine($"countersign: the configuration file {arguments.File} syntax is ok");
            error.WriteLine($"countersign: configuration file {arguments.File} test is successful");
        }
        if (arguments.DumpConfiguration)
        {
            output.Write(ConfigurationDump.Write(result.Files));
        }
        return 0;
    }

    private static bool LoadTrust(Plan plan, NginxArguments arguments, TextWriter error)
    {
        if (plan.Http is null)
        {
            return true;
        }
        try
        {
            new ServerContexts(plan.Http, Path.GetDirectoryName(arguments.File) ?? "/", TimeProvider.System).Dispose();
            return true;
        }
        catch (TlsConfigurationException fault)
        {
            error.WriteLine($"countersign: [emerg] {fault.Message}");
            return false;
        }
    }

    private static string Level(ProblemLevel level) => level switch
    {
        ProblemLevel.Error => "emerg",
        ProblemLevel.Warning => "warn",
        ProblemLevel.Notice => "notice",
    };
}
