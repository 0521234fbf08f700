using Countersign.Configuration;

namespace Countersign.Commands;

/// <summary>The configuration that the command line names.</summary>
internal static class ConfigurationFile
{
    public static LoadResult Load(NginxArguments arguments) => ConfigurationLoader.Load(new LoadOptions
    {
        File = arguments.File,
        Prefix = arguments.Prefix,
        GlobalDirectives = ByteText.FromUnicode(arguments.GlobalDirectives),
        DefaultErrorLog = arguments.ErrorLog,
        DefaultPidFile = "/run/countersign.pid",
    });

    /// <summary>Relative paths of certificates and of OpenSSL's configuration start here.</summary>
    public static string Folder(NginxArguments arguments) => Path.GetDirectoryName(arguments.File) ?? "/";

    /// <summary>Every problem with its advice, as a person at the terminal wants them.</summary>
    public static void Report(IEnumerable<ConfigurationProblem> problems, TextWriter error)
    {
        foreach (var problem in problems)
        {
            error.WriteLine($"countersign: [{Level(problem.Level)}] {ProblemText.NginxLine(problem)}");
            if (problem.Advice is { } advice)
            {
                error.WriteLine($"  {advice}");
            }
        }
    }

    public static LogLevel LogLevelOf(ProblemLevel level) => level switch
    {
        ProblemLevel.Error => LogLevel.Emerg,
        ProblemLevel.Warning => LogLevel.Warn,
        ProblemLevel.Notice => LogLevel.Notice,
    };

    private static string Level(ProblemLevel level) => LogLevelOf(level).ToString().ToLowerInvariant();
}
