namespace Countersign.Configuration.Directives;

/// <summary>error_log, the same in every context.</summary>
internal static class ErrorLogDirective
{
    public static readonly Setting<IReadOnlyList<ErrorLogTarget>> ErrorLogs = new([]);

    private static readonly string[] Levels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

    public static DirectiveRow Row { get; } = new("error_log", Contexts.Main | Contexts.HttpServerLocation, 1, DirectiveRow.Any,
        "file [level]", "logs/error.log error", Bind);

    private static void Bind(DirectiveCall call)
    {
        if (call[1].StartsWith("syslog:", StringComparison.Ordinal) || call[1].StartsWith("memory:", StringComparison.Ordinal))
        {
            call.Fail("unsupported-log", $"error_log to \"{call[1]}\" is not supported by Countersign yet", 1, "Log to a file or to stderr.");
            return;
        }
        var level = LogLevel.Error;
        if (call.Count > 1)
        {
            var index = Array.IndexOf(Levels, call[2]);
            if (index < 0 && !call[2].StartsWith("debug_", StringComparison.Ordinal))
            {
                call.Fail("invalid-log-level", $"invalid log level \"{call[2]}\"", 2, "It must be one of: " + string.Join(", ", Levels) + ".");
                return;
            }
            level = index < 0 ? LogLevel.Debug : (LogLevel)(index + 1);
        }
        if (call.Count > 2)
        {
            var known = Array.IndexOf(Levels, call[3]) >= 0;
            call.Fail("invalid-log-level", $"{(known ? "duplicate" : "invalid")} log level \"{call[3]}\"", 3);
            return;
        }
        var path = call[1] == "stderr" ? "stderr" : call.PrefixPath(call[1]);
        call.Scope.Append(ErrorLogs, new ErrorLogTarget(path, level));
    }
}
