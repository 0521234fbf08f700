using Countersign.Configuration;
using Countersign.Refusals;

namespace Countersign.Commands;

/// <summary>The configuration that the command line names.</summary>
internal static class ConfigurationFile
{
    /// <summary>
    /// -c and -p of a word. As nginx, the file is relative to the prefix; one that is not there and is where the operator stands is that one.
    /// </summary>
    public static NginxArguments Arguments(string? file, string? prefix)
    {
        var arguments = Parse(file, prefix);
        return file is { Length: > 0 } && !File.Exists(arguments.File) && File.Exists(file) ? Parse(Path.GetFullPath(file), prefix) : arguments;

        static NginxArguments Parse(string? file, string? prefix) =>
            NginxArguments.Parse([.. prefix is null ? [] : (string[])["-p", prefix], .. file is null ? [] : (string[])["-c", file]]);
    }

    public static LoadResult Load(NginxArguments arguments)
    {
        var loaded = ConfigurationLoader.Load(new LoadOptions
        {
            File = arguments.File,
            Prefix = arguments.Prefix,
            GlobalDirectives = ByteText.FromUnicode(arguments.GlobalDirectives),
            DefaultErrorLog = arguments.ErrorLog,
            DefaultPidFile = "/run/countersign.pid",
            ReloadCommand = arguments.ReloadCommand,
        });
        return loaded is { Plan: null, Files: [], Problems: [{ Id: "cannot-open-file" } missing] } && arguments.FileHere is { } here
            ? loaded with { Problems = [missing with { Advice = $"As under nginx, -c starts from the prefix. The file in this folder is: -c {ShellWord.Of(here)}" }] }
            : loaded;
    }

    /// <summary>Relative paths of certificates and of OpenSSL's configuration start here.</summary>
    public static string Folder(NginxArguments arguments) => Path.GetDirectoryName(arguments.File) ?? "/";

    public static LogLevel LogLevelOf(ProblemLevel level) => level switch
    {
        ProblemLevel.Error => LogLevel.Emerg,
        ProblemLevel.Warning => LogLevel.Warn,
        ProblemLevel.Notice => LogLevel.Notice,
    };
}
