using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>Where it is written whom the gate turned away and why.</summary>
internal static class RefusalDirectives
{
    private const int MostKept = 1_000_000;

    /// <summary>No path is <c>off</c>.</summary>
    public static readonly Setting<RefusalLogPlan?> Log = new(null);
    public static readonly Setting<bool> Page = new(true);
    public static readonly Setting<int> Limit = new(new RefusalPlan().LogLimit);
    public static readonly Setting<(int Kept, string? File)> Ledger = new((new RefusalPlan().Kept, null));
    /// <summary>Null is <c>off</c>.</summary>
    public static readonly Setting<string?> Socket = new(null);

    private static readonly string[] Levels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        new("refusal_log", Contexts.HttpServer, 1, 3, "file | off [level] [json | text]", "refusal.log warn json, beside error_log", BindLog),
        One("refusal_log_limit", Contexts.Http, "number", "100", Binders.Number(Limit)),
        new("refusal_ledger", Contexts.Http, 1, 2, "number [path=file]", "1000", BindLedger),
        Flag("refusal_page", Contexts.HttpServer, true, Page),
        One("refusal_socket", Contexts.Http, "file | off", "countersign.sock, beside pid", BindSocket),
    ];

    private static void BindLog(DirectiveCall call)
    {
        if (call[1] == "off")
        {
            if (call.Count > 1)
            {
                call.InvalidParameter(2, "Write refusal_log off without anything after it.");
                return;
            }
            call.Set(Log, null);
            return;
        }
        var level = LogLevel.Warn;
        var isText = false;
        for (var word = 2; word <= call.Count; word++)
        {
            if (Array.IndexOf(Levels, call[word]) is var index and >= 0)
            {
                level = (LogLevel)(index + 1);
            }
            else if (call[word] is "json" or "text" && word == call.Count)
            {
                isText = call[word] == "text";
            }
            else
            {
                call.InvalidParameter(word, "Write a level (" + string.Join(", ", Levels) + "), json or text.");
                return;
            }
        }
        call.Set(Log, new RefusalLogPlan(call[1] == "stderr" ? "stderr" : call.PrefixPath(call[1]), level, isText, IsDefault: false));
    }

    private static void BindLedger(DirectiveCall call)
    {
        if (Units.Number(call[1]) is not { } kept || kept > MostKept)
        {
            call.InvalidValue(advice: $"Write how many refusals are kept, 0 to {MostKept}.");
            return;
        }
        string? file = null;
        if (call.Count > 1)
        {
            if (!call[2].StartsWith("path=", StringComparison.Ordinal) || call[2].Length == 5)
            {
                call.InvalidParameter(2, "Write path=file.");
                return;
            }
            file = call.PrefixPath(call[2][5..]);
        }
        call.Set(Ledger, ((int)kept, file));
    }

    private static void BindSocket(DirectiveCall call) => call.Set(Socket, call[1] == "off" ? null : call.PrefixPath(call[1]));
}
