using Countersign.Refusals;

namespace Countersign;

/// <summary>The command line as nginx reads it: single letters that may stand together, values attached or following.</summary>
internal sealed class NginxArguments
{
    public const string DefaultPrefix = "/usr/share/nginx/";
    public const string DefaultFile = "/etc/nginx/nginx.conf";

    public bool ShowHelp { get; private set; }
    public bool ShowVersion { get; private set; }
    public bool ShowConfigure { get; private set; }
    public bool TestConfiguration { get; private set; }
    public bool DumpConfiguration { get; private set; }
    public bool Quiet { get; private set; }
    public string? Signal { get; private set; }
    public string GlobalDirectives { get; private set; } = "";
    /// <summary>Absolute, with a trailing slash.</summary>
    public string Prefix { get; private set; } = DefaultPrefix;
    /// <summary>Absolute.</summary>
    public string File { get; private set; } = DefaultFile;
    /// <summary>Absolute path of a file that -c names as seen from the current folder, where nginx does not look; null where there is none, or it is the same.</summary>
    public string? FileHere { get; private set; }
    /// <summary>Absolute, or <c>stderr</c>.</summary>
    public string ErrorLog { get; private set; } = "stderr";
    /// <summary>nginx's sentence about the first wrong argument, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>What another command needs to be about the same configuration, for a shell: <c> -p /opt/gate/ -c /opt/gate.conf</c>; empty for the usual one.</summary>
    public string Selection =>
        (Prefix == DefaultPrefix ? "" : $" -p {ShellWord.Of(Prefix)}") + (File == DefaultFile ? "" : $" -c {ShellWord.Of(File)}");

    /// <summary>What has a gate that was started like this read its files again. The pid file may be named in -g.</summary>
    public string ReloadCommand => $"countersign -s reload{Selection}" + (GlobalDirectives.Length == 0 ? "" : $" -g {ShellWord.Of(GlobalDirectives)}");

    public static NginxArguments Parse(string[] arguments)
    {
        var result = new NginxArguments();
        for (var at = 0; at < arguments.Length && result.Error is null; at++)
        {
            if (arguments[at] is "--help" or "--version")
            {
                // nginx has no long options, and people type these two all the same.
                result.ShowVersion = true;
                result.ShowHelp |= arguments[at] == "--help";
                continue;
            }
            if (!arguments[at].StartsWith('-'))
            {
                result.Error = $"invalid option: \"{arguments[at]}\"";
                break;
            }
            result.ReadLetters(arguments, ref at);
        }
        var folder = Directory.GetCurrentDirectory();
        result.Prefix = Path.TrimEndingDirectorySeparator(Path.GetFullPath(result.Prefix, folder)) + "/";
        var here = Path.GetFullPath(result.File, folder);
        result.File = Path.GetFullPath(result.File, result.Prefix);
        result.FileHere = here != result.File && System.IO.File.Exists(here) ? here : null;
        result.ErrorLog = result.ErrorLog == "stderr" ? "stderr" : Path.GetFullPath(result.ErrorLog, result.Prefix);
        return result;
    }

    private void ReadLetters(string[] arguments, ref int at)
    {
        var word = arguments[at];
        for (var letter = 1; letter < word.Length; letter++)
        {
            switch (word[letter])
            {
                case '?' or 'h':
                    ShowVersion = ShowHelp = true;
                    break;
                case 'v':
                    ShowVersion = true;
                    break;
                case 'V':
                    ShowVersion = ShowConfigure = true;
                    break;
                case 't':
                    TestConfiguration = true;
                    break;
                case 'T':
                    TestConfiguration = DumpConfiguration = true;
                    break;
                case 'q':
                    Quiet = true;
                    break;
                case 'p' or 'e' or 'c' or 'g' or 's':
                    var rest = word[(letter + 1)..];
                    SetValue(word[letter], rest.Length > 0 ? rest : ++at < arguments.Length ? arguments[at] : null);
                    return;
                default:
                    Error = $"invalid option: \"{word[letter]}\"";
                    return;
            }
        }
    }

    private void SetValue(char letter, string? value)
    {
        switch (letter, value)
        {
            case ('p', { Length: > 0 }):
                Prefix = value;
                break;
            case ('p', _):
                Error = "option \"-p\" requires directory name";
                break;
            case ('e', { Length: > 0 }):
                ErrorLog = value;
                break;
            case ('c', { Length: > 0 }):
                File = value;
                break;
            case ('e' or 'c', _):
                Error = $"option \"-{letter}\" requires file name";
                break;
            case ('g', { Length: > 0 }):
                GlobalDirectives = value;
                break;
            case ('s', "stop" or "quit" or "reopen" or "reload"):
                Signal = value;
                break;
            case ('s', { Length: > 0 }):
                Error = $"invalid option: \"-s {value}\"";
                break;
            default:
                Error = $"option \"-{letter}\" requires parameter";
                break;
        }
    }
}
