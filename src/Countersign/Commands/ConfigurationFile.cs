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

    public static LogLevel LogLevelOf(ProblemLevel level) => level switch
    {
        ProblemLevel.Error => LogLevel.Emerg,
        ProblemLevel.Warning => LogLevel.Warn,
        ProblemLevel.Notice => LogLevel.Notice,
    };
}
