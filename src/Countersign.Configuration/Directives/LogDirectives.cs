using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_log_module.</summary>
internal static class LogDirectives
{
    public static readonly Setting<IReadOnlyList<AccessLogPlan>> AccessLogs = new([]);
    public static readonly Setting<bool> AccessLogOff = new(false);

    public const string Combined =
        "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"";

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        new("log_format", Contexts.Http, 2, DirectiveRow.Any, "name [escape=default|json|none] string ...", "combined \"...\"", BindFormat),
        new("access_log", Contexts.HttpServerLocationIf | Contexts.LimitExcept, 1, DirectiveRow.Any,
            "path [format [buffer=size] [flush=time] [if=condition]] | off", "logs/access.log combined", BindLog),
    ];

    private static void BindFormat(DirectiveCall call)
    {
        if (call[1] == "combined" || call.Session.LogFormats.ContainsKey(call[1]))
        {
            call.Fail("duplicate-log-format", $"duplicate \"log_format\" name \"{call[1]}\"", 1);
            return;
        }
        var escape = LogEscape.Default;
        var first = 2;
        if (call[2].StartsWith("escape=", StringComparison.Ordinal))
        {
            first++;
            switch (call[2][7..])
            {
                case "json":
                    escape = LogEscape.Json;
                    break;
                case "none":
                    escape = LogEscape.None;
                    break;
                case "default":
                    break;
                default:
                    call.Fail("unknown-log-escaping", $"unknown log format escaping \"{call[2][7..]}\"", 2);
                    return;
            }
        }
        // Argument by argument: the name of a variable does not go on in the next one.
        var text = new System.Text.StringBuilder();
        var parts = new List<ValuePart>();
        for (var i = first; i <= call.Count; i++)
        {
            if (call.Session.Script.Compile(call[i], call.Position, out var problem, captures: false) is not { } value)
            {
                call.Fail("invalid-variable", problem == "invalid variable name" ? $"invalid parameter \"{Rest(call[i])}\"" : problem!, i);
                return;
            }
            text.Append(call[i]);
            parts.AddRange(value.Parts);
        }
        call.Session.LogFormats[call[1]] = new LogFormatPlan(call[1], escape, new ComplexValue(text.ToString(), parts));
    }

    /// <summary>nginx quotes from the dollar sign that no name follows.</summary>
    private static string Rest(string text)
    {
        for (var at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', at + 1))
        {
            if (at + 1 == text.Length || !(char.IsAsciiLetterOrDigit(text[at + 1]) || text[at + 1] is '_' or '{'))
            {
                return text[at..];
            }
        }
        return text;
    }

    private static void BindLog(DirectiveCall call)
    {
        if (call[1] == "off")
        {
            if (call.Count > 1)
            {
                call.InvalidParameter(2);
                return;
            }
            call.Scope.Set(AccessLogOff, true);
            return;
        }
        if (call[1].StartsWith("syslog:", StringComparison.Ordinal))
        {
            call.Fail("unsupported-log", "access_log to \"syslog:\" is not supported by Countersign yet", 1, "Log to a file.");
            return;
        }
        if (call.Complex(call.PrefixPath(call[1])) is not { } path || Format(call) is not { } format)
        {
            return;
        }
        var size = 0L;
        TimeSpan? flush = null;
        ComplexValue? condition = null;
        for (var i = 3; i <= call.Count; i++)
        {
            var text = call[i];
            if (text.StartsWith("buffer=", StringComparison.Ordinal))
            {
                if (Units.Size(text.AsSpan(7)) is not (> 0 and <= int.MaxValue and var bytes))
                {
                    call.Fail("invalid-value", $"invalid buffer size \"{text[7..]}\"", i);
                    return;
                }
                size = bytes;
            }
            else if (text.StartsWith("flush=", StringComparison.Ordinal))
            {
                flush = Units.Time(text.AsSpan(6), seconds: false);
                if (flush is null || flush == TimeSpan.Zero)
                {
                    call.Fail("invalid-value", $"invalid flush time \"{text[6..]}\"", i);
                    return;
                }
            }
            else if (text.StartsWith("if=", StringComparison.Ordinal))
            {
                if ((condition = call.Complex(text[3..])) is null)
                {
                    return;
                }
            }
            else if (text == "gzip" || text.StartsWith("gzip=", StringComparison.Ordinal))
            {
                call.Fail("unsupported-parameter", "the \"gzip\" parameter of access_log is not supported by Countersign yet", i);
                return;
            }
            else
            {
                call.InvalidParameter(i);
                return;
            }
        }
        if (flush is not null && size == 0)
        {
            call.Fail("flush-without-buffer", $"no buffer is defined for access_log \"{call[1]}\"");
            return;
        }
        if (size > 0 && path.Constant is null)
        {
            call.Fail("buffered-variable-log", "buffered logs cannot have variables in name", 1);
            return;
        }
        if (size > 0 && !call.Session.LogBuffers.TryAdd(path.Source, (size, flush)) && call.Session.LogBuffers[path.Source] != (size, flush))
        {
            call.Fail("conflicting-log-buffer", $"access_log \"{call[1]}\" already defined with conflicting parameters", 1);
            return;
        }
        call.Scope.Append(AccessLogs, new AccessLogPlan { Path = path, Format = format, If = condition, BufferSize = (int)size, Flush = flush });
    }

    private static LogFormatPlan? Format(DirectiveCall call)
    {
        var name = call.Count >= 2 ? call[2] : "combined";
        if (name == "combined")
        {
            return CombinedFormat(call.Session);
        }
        var found = call.Session.LogFormats.Values.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            call.Fail("unknown-log-format", $"unknown log format \"{name}\"", 2, Spelling.Advice(name, call.Session.LogFormats.Keys.Append("combined")));
        }
        return found;
    }

    public static LogFormatPlan CombinedFormat(LoadSession session) => session.CombinedFormat ??=
        new LogFormatPlan("combined", LogEscape.Default, session.Script.Compile(Combined, null, out _)!);
}
