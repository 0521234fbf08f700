using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>Checked scopes to the plan.</summary>
internal sealed class PlanBuilder(LoadSession session)
{
    private readonly List<LocationPlan> _locations = [];
    private readonly SettingsMerger _merger = new(session);

    public MainPlan Main()
    {
        var main = session.Main;
        IReadOnlyList<ErrorLogTarget> logs = main.Own(ErrorLogDirective.ErrorLogs) is { Count: > 0 } own ? own : [DefaultErrorLog(session)];
        return new MainPlan
        {
            Prefix = session.UnderPrefix(""),
            Daemon = main.Get(CoreDirectives.Daemon),
            MasterProcess = main.Get(CoreDirectives.MasterProcess),
            User = main.Get(CoreDirectives.User),
            Group = main.Get(CoreDirectives.Group),
            WorkerProcesses = main.Get(CoreDirectives.WorkerProcesses),
            WorkerConnections = session.Events?.Get(EventDirectives.WorkerConnections) ?? EventDirectives.WorkerConnections.Fallback,
            WorkerRlimitNofile = main.Has(CoreDirectives.WorkerRlimitNofile) ? main.Get(CoreDirectives.WorkerRlimitNofile) : null,
            WorkerPriority = main.Get(WorkerDirectives.Priority),
            WorkerCpuAffinity = CpuAffinity(main),
            WorkerShutdownTimeout = main.Has(CoreDirectives.WorkerShutdownTimeout) ? main.Get(CoreDirectives.WorkerShutdownTimeout) : null,
            PidFile = PidFile,
            ErrorLogs = logs,
        };
    }

    private string PidFile => session.Main.Has(CoreDirectives.Pid) ? session.Main.Get(CoreDirectives.Pid) : ByteText.FromUnicode(session.Options.DefaultPidFile);

    private CpuAffinityPlan? CpuAffinity(Scope main)
    {
        var affinity = main.Get(WorkerDirectives.CpuAffinity);
        var loops = main.Get(CoreDirectives.WorkerProcesses) is var said and > 0 ? said : Environment.ProcessorCount;
        if (affinity is { IsAuto: false, Masks.Count: > 1 } && affinity.Masks.Count != loops)
        {
            session.ReportUnplaced("masks-and-processes", ProblemLevel.Warning,
                "the number of \"worker_processes\" is not equal to the number of \"worker_cpu_affinity\" masks, using last mask for remaining worker processes",
                null);
        }
        return affinity;
    }

    public static ErrorLogTarget DefaultErrorLog(LoadSession session) => new(ByteText.FromUnicode(session.Options.DefaultErrorLog), LogLevel.Error);

    public HttpPlan? Http()
    {
        if (session.Http is null)
        {
            return null;
        }
        var servers = session.Servers.Select((server, index) => Server(server, index)).ToList();
        return new HttpPlan
        {
            Servers = servers,
            Listens = [.. session.Listens.Sockets().Select(socket => Listen(socket.Socket.Options, socket.Serves))],
            Locations = _locations,
            Upstreams = session.Upstreams.Plans,
            Variables = session.Variables,
            Refusals = RefusalDefaults.Plan(session, PidFile),
            ReloadCommand = ByteText.FromUnicode(session.Options.ReloadCommand),
        };
    }

    private ServerPlan Server(ServerScope scope, int id)
    {
        var plan = scope.Plan = new ServerPlan
        {
            Id = id,
            Name = scope.FirstName,
            Position = scope.Position,
            Settings = SettingsMerger.Server(scope),
            Ssl = SettingsMerger.Ssl(scope),
            Rewrite = [.. scope.Rewrite.Select(step => step is PendingIf pending
                ? new IfStep(pending.Position, pending.Condition, pending.Scope.Rewrite, null)
                : step)],
            RewriteLog = scope.Get(RewriteDirectives.RewriteLog),
            Refusals = RefusalDefaults.Server(session, scope, _merger.ErrorLogs(scope)),
        };
        plan.Root = Location(scope);
        return plan;
    }

    private LocationPlan Location(LocationScope scope)
    {
        var children = new List<LocationPlan>();
        var patterns = new List<LocationPlan>();
        var named = new List<LocationPlan>();
        // The id is taken before the children's: a location comes before what is in it.
        var id = _locations.Count;
        _locations.Add(null!);
        foreach (var inner in scope.Locations)
        {
            var list = inner.Kind switch { LocationKind.Regex => patterns, LocationKind.Named => named, _ => children };
            list.Add(Location(inner));
        }
        IReadOnlyList<RewriteStep> steps = scope is ServerScope ? [] : [.. scope.Rewrite.Select(step => step is PendingIf pending
            ? new IfStep(pending.Position, pending.Condition, pending.Scope.Rewrite, Location(pending.Scope))
            : step)];
        var plan = new LocationPlan
        {
            Id = id,
            Kind = scope.Kind,
            Name = scope.Name,
            Position = scope.Position,
            Pattern = scope.Pattern,
            Server = scope.Server.Plan,
            Children = children,
            RegexChildren = patterns,
            NamedChildren = named,
            Rewrite = scope.Kind == LocationKind.If ? [] : steps,
            RewriteLog = scope.Get(RewriteDirectives.RewriteLog),
            UninitializedVariableWarn = scope.Get(RewriteDirectives.UninitializedVariableWarn),
            Core = _merger.Core(scope),
            Headers = SettingsMerger.Headers(scope),
            Access = new AccessSettings { Rules = scope.Get(AccessDirectives.Rules) },
            Log = _merger.Log(scope),
            Content = SettingsMerger.Content(scope),
            Proxy = _merger.Proxy(scope),
            ProxyPass = scope.EffectiveProxyPass is { } pass ? ProxyPass(pass) : null,
            LimitExceptMethods = scope.LimitExceptMethods,
            LimitExcept = scope.LimitExcept is { } limited ? Location(limited) : null,
            AutoRedirect = scope.AutoRedirect,
        };
        _locations[id] = plan;
        return plan;
    }

    private static ProxyPassPlan ProxyPass(PendingProxyPass pass) => new()
    {
        Position = pass.Position,
        Upstream = pass.Target?.Plan,
        Ssl = pass.Ssl,
        Host = pass.Host,
        Port = pass.Port,
        Uri = pass.Uri,
        Url = pass.Url,
        LocationPrefix = pass.LocationPrefix,
    };

    private ListenPlan Listen(ListenOptions options, IReadOnlyList<ListenAddress> serves) => new()
    {
        EndPoint = options.EndPoint,
        Text = options.Text,
        Backlog = options.Backlog,
        ReusePort = options.ReusePort,
        Ipv6Only = options.Ipv6Only,
        Deferred = options.Deferred,
        ReceiveBuffer = options.ReceiveBuffer,
        SendBuffer = options.SendBuffer,
        KeepAlive = options.KeepAlive,
        KeepIdleSeconds = options.KeepIdle,
        KeepIntervalSeconds = options.KeepInterval,
        KeepCount = options.KeepCount,
        Addresses = [.. serves.Select(Address)],
    };

    private AddressPlan Address(ListenAddress address)
    {
        var names = new HostTable<ServerPlan>();
        // As nginx: the names of a single server are not looked at, every host is its own.
        var judged = address.Servers.Count > 1 || address.DefaultServer.Names.Any(name => name.Pattern?.Expression.GetGroupNumbers().Length > 1);
        foreach (var server in judged ? address.Servers : [])
        {
            // As nginx: a server without server_name has the empty name.
            IEnumerable<ServerName> all = server.Names.Count > 0 ? server.Names : [new ServerName("", null)];
            foreach (var (name, pattern) in all)
            {
                if (pattern is not null)
                {
                    names.Add(pattern, server.Plan);
                }
                else if (!HostNameRules.IsValid(name))
                {
                    session.ReportUnplaced("invalid-server-name", ProblemLevel.Error,
                        $"invalid server name or wildcard \"{name}\" on {address.Options.Text}", server.Position);
                }
                else if (!names.Add(name, server.Plan))
                {
                    session.ReportUnplaced("conflicting-server-name", ProblemLevel.Warning,
                        $"conflicting server name \"{name}\" on {address.Options.Text}, ignored", server.Position,
                        "Another server has this name on this address; requests go there.");
                }
            }
        }
        return new AddressPlan
        {
            EndPoint = address.Options.EndPoint,
            Ssl = address.Options.Ssl,
            ProxyProtocol = address.Options.ProxyProtocol,
            DefaultServer = address.DefaultServer.Plan,
            Names = names,
        };
    }
}
