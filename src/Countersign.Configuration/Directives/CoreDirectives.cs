using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>The main context.</summary>
internal static class CoreDirectives
{
    public static readonly Setting<bool> Daemon = new(true);
    public static readonly Setting<bool> MasterProcess = new(true);
    public static readonly Setting<string?> User = new(null);
    public static readonly Setting<string?> Group = new(null);
    public static readonly Setting<int> WorkerProcesses = new(1);
    public static readonly Setting<long> WorkerRlimitNofile = new(0);
    public static readonly Setting<TimeSpan> WorkerShutdownTimeout = new(TimeSpan.Zero);
    public static readonly Setting<string> Pid = new("");

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        Flag("daemon", Contexts.Main, true, Daemon),
        Flag("master_process", Contexts.Main, true, MasterProcess),
        One("pid", Contexts.Main, "file", "logs/nginx.pid", call => call.Set(Pid, call.PrefixPath(call[1]))),
        new("user", Contexts.Main, 1, 2, "user [group]", "nobody nobody", BindUser),
        One("worker_processes", Contexts.Main, "number | auto", "1", BindWorkerProcesses),
        One("worker_rlimit_nofile", Contexts.Main, "number", "", BindRlimit),
        One("worker_shutdown_timeout", Contexts.Main, "time", "", Binders.Milliseconds(WorkerShutdownTimeout)),
        Block("events", Contexts.Main, 0, 0, "", BindEvents),
        Block("http", Contexts.Main, 0, 0, "", BindHttp),
        new("include", Contexts.Main | Contexts.Events | Contexts.HttpServerLocationIf | Contexts.ServerIf | Contexts.LimitExcept | Contexts.Upstream,
            1, 1, "file | mask", "", static _ => { }),
    ];

    private static void BindUser(DirectiveCall call)
    {
        if (call.Scope.Has(User))
        {
            call.IsDuplicate();
            return;
        }
        call.Scope.Set(User, call[1]);
        call.Scope.Set(Group, call.Count == 2 ? call[2] : call[1]);
    }

    private static void BindWorkerProcesses(DirectiveCall call)
    {
        if (call.Scope.Has(WorkerProcesses))
        {
            call.IsDuplicate();
        }
        else if (call[1] == "auto")
        {
            call.Scope.Set(WorkerProcesses, 0);
        }
        else if (Units.Number(call[1]) is { } number and > 0 and <= 1024)
        {
            call.Scope.Set(WorkerProcesses, (int)number);
        }
        else
        {
            call.InvalidValue();
        }
    }

    private static void BindRlimit(DirectiveCall call)
    {
        if (call.Scope.Has(WorkerRlimitNofile))
        {
            call.IsDuplicate();
        }
        else if (Units.Number(call[1]) is { } number)
        {
            call.Scope.Set(WorkerRlimitNofile, number);
        }
        else
        {
            call.FailDirective("invalid-number", "invalid number", 1);
        }
    }

    private static void BindEvents(DirectiveCall call)
    {
        if (call.Session.Events is not null)
        {
            call.IsDuplicate();
            return;
        }
        call.Session.Events = new Scope(Contexts.Events, call.Scope);
        call.BindBlock(call.Session.Events);
    }

    private static void BindHttp(DirectiveCall call)
    {
        if (call.Session.Http is not null)
        {
            call.IsDuplicate();
            return;
        }
        call.Session.Http = new Scope(Contexts.Http, call.Scope);
        call.Session.HttpEnd = call.Node.BlockEnd;
        call.BindBlock(call.Session.Http);
        HttpResolver.Check(call.Session);
    }
}
