using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Upstream;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy;

/// <summary>A plan cannot be served; the message is nginx's.</summary>
public sealed class StartException(string message) : Exception(message);

/// <summary>
/// Loops, listening sockets and the plan in force. One instance serves a process from start to end; reloads change the plan under it.
/// All methods are called from one thread, the program's own.
/// </summary>
public sealed class ProxyServer(TimeProvider time) : IDisposable
{
    private readonly List<Worker> _workers = [];
    private readonly List<Thread> _threads = [];
    private List<ListeningSocket> _sockets = [];

    public LogFiles Logs { get; } = new();

    /// <summary>Whoever the gate will run as: temporary folders and logs are given to it.</summary>
    public UserIdentity? Owner { get; init; }

    /// <summary>The plan in force; null before the start.</summary>
    public Generation? Generation { get; private set; }

    /// <summary>Opens logs and sockets and reads certificates: everything that may fail, or needs more than the user has.</summary>
    /// <exception cref="StartException">Nothing is left open.</exception>
    public void Prepare(Plan plan, string configurationFolder)
    {
        var generation = Load(plan, configurationFolder);
        _sockets = OpenSockets(generation, [], () => Thread.Sleep(500), out _);
        Generation = generation;
    }

    /// <summary>Begins to accept. The loops' threads have the rights of the calling one.</summary>
    public void Start()
    {
        var generation = Generation!;
        var sockets = _sockets;
        for (var number = 0; number < Loops(generation.Plan); number++)
        {
            _workers.Add(NewWorker(number, generation));
        }
        foreach (var worker in _workers)
        {
            worker.Loop.Post(() => worker.Listen(sockets, Serve));
            var thread = new Thread(() => Run(worker)) { Name = $"loop {worker.Loop.Number}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Puts another plan in force. Whoever is being served ends under the old one.</summary>
    /// <exception cref="StartException">The old plan stays in force.</exception>
    public void Reload(Plan plan, string configurationFolder)
    {
        var old = Generation!;
        var generation = Load(plan, configurationFolder);
        var sockets = OpenSockets(generation, _sockets, null, out var left);
        _sockets = sockets;
        Generation = generation;
        var waiting = _workers.Count;
        foreach (var worker in _workers)
        {
            worker.Loop.Post(() =>
            {
                worker.Generation = generation;
                worker.Listen(sockets, Serve);
                if (Interlocked.Decrement(ref waiting) == 0)
                {
                    left.ForEach(socket => socket.Dispose());
                    old.Retire();
                    _workers.ForEach(other => other.Loop.Post(other.CloseIdleOfRetired));
                }
            });
        }
    }

    /// <summary>QUIT: accepts nobody, closes who is idle, and ends when the last request has been answered.</summary>
    public void Drain()
    {
        Generation!.Retire();
        foreach (var worker in _workers)
        {
            worker.Loop.Post(() =>
            {
                worker.Listen([], Serve);
                worker.CloseIdleOfRetired();
                worker.StopWhenEmpty();
            });
        }
        _sockets.ForEach(socket => socket.Dispose());
        _sockets.Clear();
    }

    /// <summary>TERM: ends at once.</summary>
    public void Stop() => _workers.ForEach(worker => worker.Loop.Stop());

    /// <summary>Ends every connection that is still open: worker_shutdown_timeout.</summary>
    public void CloseAll() => _workers.ForEach(worker => worker.Loop.Post(worker.CloseAll));

    /// <summary>Waits until every loop has ended.</summary>
    public void Wait() => _threads.ForEach(thread => thread.Join());

    private Generation Load(Plan plan, string configurationFolder)
    {
        var http = plan.Http ?? Empty(plan);
        try
        {
            LogPaths.OpenAll(plan, Logs);
            if (TemporaryFolders.Make(plan, Owner) is { } wrong)
            {
                throw new StartException(wrong);
            }
            return new Generation
            {
                Plan = plan,
                Http = http,
                Tls = new ServerContexts(http, configurationFolder, time),
                Backends = new Backends(http, configurationFolder),
                ErrorLog = new ErrorLog(Logs, time),
                AccessLog = new AccessLog(http, Logs),
                Number = (Generation?.Number ?? 0) + 1,
            };
        }
        catch (Exception fault) when (fault is LogException or TlsConfigurationException)
        {
            throw new StartException(fault.Message);
        }
    }

    /// <summary>Sockets of the new plan: those of before that are still wanted, and new ones.</summary>
    /// <param name="left">Sockets of before that nobody wants any more.</param>
    private static List<ListeningSocket> OpenSockets(
        Generation generation, List<ListeningSocket> before, Action? pause, out List<ListeningSocket> left)
    {
        var opened = new List<ListeningSocket>();
        var result = new List<ListeningSocket>();
        try
        {
            foreach (var listen in generation.Http.Listens)
            {
                var same = before.Find(socket => socket.Plan.Text == listen.Text && socket.Plan.ReusePort == listen.ReusePort);
                if (same is null)
                {
                    same = ListeningSocket.Open(listen, Loops(generation.Plan), pause);
                    opened.Add(same);
                }
                result.Add(same);
            }
        }
        catch (ListenException fault)
        {
            opened.ForEach(socket => socket.Dispose());
            generation.Retire();
            throw new StartException(fault.Message);
        }
        for (var index = 0; index < result.Count; index++)
        {
            if (!opened.Contains(result[index]))
            {
                result[index].Renew(generation.Http.Listens[index]);
            }
        }
        left = [.. before.Except(result)];
        return result;
    }

    private Worker NewWorker(int number, Generation generation)
    {
        var loop = new Loop(number, time, fault =>
            Generation!.ErrorLog.Write(Generation.Plan.Main.ErrorLogs, LogLevel.Alert, $"unexpected failure: {fault}"));
        return new Worker(loop, time) { Generation = generation };
    }

    private static void Serve(Client client)
    {
        var life = Connection.RunAsync(client);
        if (life.IsCompleted)
        {
            life.GetAwaiter().GetResult();
        }
        else
        {
            life.GetAwaiter().UnsafeOnCompleted(static () => { });
        }
    }

    private static void Run(Worker worker)
    {
        worker.Loop.Run();
        worker.CloseAll();
    }

    private static int Loops(Plan plan) => plan.Main.WorkerProcesses > 0 ? plan.Main.WorkerProcesses : Environment.ProcessorCount;

    private static HttpPlan Empty(Plan plan) => new() { Listens = [], Servers = [], Locations = [], Upstreams = [], Variables = new VariableTable() };

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        Logs.Dispose();
    }
}
