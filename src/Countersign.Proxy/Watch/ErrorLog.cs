using System.Globalization;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Watch;

/// <summary>error_log as nginx writes it: <c>2026/11/23 09:38:59 [info] 12#13: *1 text</c>.</summary>
public sealed class ErrorLog(LogFiles files, TimeProvider time) : IErrorLog
{
    /// <summary>NGX_MAX_ERROR_STR: a longer line is cut.</summary>
    private const int MaximumLine = 2048;

    private readonly int _process = Environment.ProcessId;

    public void Write(IReadOnlyList<ErrorLogTarget> targets, LogLevel level, string text)
    {
        byte[]? line = null;
        for (var index = 0; index < targets.Count; index++)
        {
            if (level <= targets[index].Level)
            {
                line ??= Line(level, text);
                _ = files.Find(targets[index].Path)?.Write(line);
            }
        }
    }

    private byte[] Line(LogLevel level, string text)
    {
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        var head = string.Create(CultureInfo.InvariantCulture,
            $"{now:yyyy'/'MM'/'dd HH':'mm':'ss} [{Name(level)}] {_process}#{CurrentProcess.ThreadId}: {OneLine(text)}");
        var length = Math.Min(head.Length, MaximumLine - 1);
        var line = new byte[length + 1];
        Encoding.Latin1.GetBytes(head.AsSpan(0, length), line);
        line[length] = (byte)'\n';
        return line;
    }

    /// <summary>Line ends as in the access log. nginx writes them as they are: a client that asks for %0a could make up lines, and a stack is many.</summary>
    private static string OneLine(string text) =>
        text.AsSpan().IndexOfAny('\n', '\r') < 0 ? text : text.Replace("\r", "\\x0D").Replace("\n", "\\x0A");

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Emerg => "emerg",
        LogLevel.Alert => "alert",
        LogLevel.Crit => "crit",
        LogLevel.Error => "error",
        LogLevel.Warn => "warn",
        LogLevel.Notice => "notice",
        LogLevel.Info => "info",
        LogLevel.Debug => "debug",
    };
}
