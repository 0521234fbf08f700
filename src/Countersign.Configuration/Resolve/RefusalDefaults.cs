using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>refusal_log and refusal_socket where nobody wrote them: beside what the configuration of nginx names anyway.</summary>
internal static class RefusalDefaults
{
    public static RefusalPlan Plan(LoadSession session, string pidFile)
    {
        var http = session.Http!;
        var (kept, file) = http.Get(RefusalDirectives.Ledger);
        return new RefusalPlan
        {
            LogLimit = http.Get(RefusalDirectives.Limit),
            Kept = kept,
            LedgerFile = file,
            Socket = http.Has(RefusalDirectives.Socket) ? http.Get(RefusalDirectives.Socket) : HasTls(session) ? Beside(pidFile, "countersign.sock") : null,
        };
    }

    public static RefusalSettings Server(LoadSession session, Scope server, IReadOnlyList<ErrorLogTarget> errorLogs) => new()
    {
        Page = server.Get(RefusalDirectives.Page),
        Log = server.HasInherited(RefusalDirectives.Log) ? server.Get(RefusalDirectives.Log)
            : HasTls(session) && errorLogs.FirstOrDefault(target => !target.IsStandardError)?.Path is { } path && Beside(path, "refusal.log") is { } beside
                ? new RefusalLogPlan(beside, LogLevel.Warn, IsText: false, IsDefault: true) : null,
    };

    // Who asks for no TLS refuses nobody by certificate.
    private static bool HasTls(LoadSession session) => session.Listens.Sockets().Any(socket => socket.Serves.Any(address => address.Options.Ssl));

    // A log that is /dev/stdout or /proc/self/fd/2 has no folder for files.
    private static string? Beside(string path, string name) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)
            ? null : path[..(path.LastIndexOf('/') + 1)] + name;
}
