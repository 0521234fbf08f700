using Countersign.Configuration;
using Countersign.Commands.Serve;
using Countersign.Lint;
using Countersign.Proxy;

namespace Countersign.Commands;

/// <summary><c>-t</c> and <c>-T</c>: reads the configuration and everything it names, says what is wrong, serves nothing.</summary>
internal static class TestCommand
{
    /// <returns>0 when the configuration would start, otherwise 1.</returns>
    public static int Run(NginxArguments arguments, TextWriter error, Stream output)
    {
        using var log = new StartLog(arguments.ErrorLog, error);
        var result = ConfigurationFile.Load(arguments);
        log.Write(result.Problems.Where(problem => !arguments.Quiet || problem.Level == ProblemLevel.Error));
        if (result.Plan is not { } plan || !Starts(plan, arguments, log))
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

    /// <summary>Opens what a start would open. What the running gate holds, an address or its pid file, stays as it is.</summary>
    private static bool Starts(Plan plan, NginxArguments arguments, StartLog log)
    {
        var wrong = RunAs.Find(plan.Main, out var runAs) ?? PidFile.Test(plan.Main.PidFile);
        if (wrong is null)
        {
            using var server = new ProxyServer(TimeProvider.System, log.Write) { Owner = runAs?.Identity };
            try
            {
                server.Test(plan, ConfigurationFile.Folder(arguments), generation => Warn(generation, arguments, log));
            }
            catch (StartException fault)
            {
                log.UseLogsOf(plan, server.Logs);
                wrong = fault.Message;
            }
        }
        if (wrong is not null)
        {
            log.Write(plan, wrong);
        }
        return wrong is null;
    }

    /// <summary>Of what works and is hardly meant. A start and a reload do not: nginx is silent there, too.</summary>
    private static void Warn(Generation generation, NginxArguments arguments, StartLog log)
    {
        if (!arguments.Quiet)
        {
            log.Write(Linter.Run(new LintCase(generation.Http, generation.Tls, TimeProvider.System.GetUtcNow())).Select(LintText.Problem));
        }
    }
}
