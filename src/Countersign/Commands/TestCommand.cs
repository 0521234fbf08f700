using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Commands;

/// <summary><c>-t</c> and <c>-T</c>: reads the configuration and everything it names, says what is wrong, serves nothing.</summary>
internal static class TestCommand
{
    /// <returns>0 when the configuration would start, otherwise 1.</returns>
    public static int Run(NginxArguments arguments, TextWriter error, Stream output)
    {
        var result = ConfigurationFile.Load(arguments);
        ConfigurationFile.Report(result.Problems.Where(problem => !arguments.Quiet || problem.Level == ProblemLevel.Error), error);
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
            new ServerContexts(plan.Http, ConfigurationFile.Folder(arguments), TimeProvider.System).Dispose();
            new BackendTls(plan.Http, ConfigurationFile.Folder(arguments)).Dispose();
            return true;
        }
        catch (TlsConfigurationException fault)
        {
            error.WriteLine($"countersign: [emerg] {fault.Message}");
            return false;
        }
    }
}
