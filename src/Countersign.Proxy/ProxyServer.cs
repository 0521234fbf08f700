using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy;

/// <summary>A plan cannot be served; the message is nginx's.</summary>
public sealed class StartException(string message) : Exception(message);

/// <summary>
/// Loops, listening sockets and the plan in force. One instance serves a process from start to end; reloads change the plan under it.
/// All methods are called from one thread, the program's own.
/// </summary>
/// <param name="report">Hears what nginx logs while it opens sockets; not on a loop, and possibly on any thread.</param>
public sealed class ProxyServer(TimeProvider time, Action<LogLevel, string> report) : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly List<Worker> _workers = [];
    /// <summary>Loops that worker_processes no longer asks for, until their last client has gone.</summary>
    private readonly List<Worker> _leaving = [];
    private readonly List<Thread> _threads = [];
    private readonly FairShare _share = new();
    private ListeningSockets _sockets = ListeningSockets.None;
    private (Generation Generation, ListeningSockets Sockets, IReadOnlyList<Loop> NewLoops)? _next;
    private int _running;

    public LogFiles Logs { get; } = new();

    private RefusalWatch Refusals => field ??= new RefusalWatch(Logs, time, report);

    /// <summary>Whoever the gate will run as: temporary folders and logs are given to it.</summary>
    public UserIdentity? Owner { get; init; }

    /// <summary>Called on a loop's thread when the last loop has ended.</summary>
    public Action? OnEnd { get; set; }

    /// <summary>The plan in force; null before the start.</summary>
    public Generation? Generation { get; private set; }

    public bool IsServing => Volatile.Read(ref _running) > 0;

    /// <summary>Reads certificates, opens logs and sockets: everything that may fail, or needs more than the user has.</summary>
    /// <exception cref="StartException">Nothing is left open, and the plan in force stays; of a first plan the logs are open, to say so.</exception>
    public void Prepare(Plan plan, string configurationFolder)
    {
        var generation = Load(plan, configurationFolder);
        var loops = new List<Loop>();
        try
        {
            AddMissing(loops, LoopCount(plan));
            var sockets = ListeningSockets.Open(
                generation.Http.Listens, LoopCount(plan), _sockets, report, static () => Thread.Sleep(BetweenTries));
            _next = (generation, sockets, loops);
            Refusals.Open(generation.Http.Refusals, Owner);
        }
        catch (Exception fault) when (fault is ListenException or NativeCallException)
        {
            loops.ForEach(static loop => loop.Dispose());
            if (Generation is not null)
            {
                generation.Retire();
                generation.LogSet!.Dispose();
            }
            throw new StartException(fault.Message);
        }
    }

    /// <summary><c>-t</c>: the same, and all is closed again.</summary>
    /// <param name="look">Sees what was made of a plan that would start.</param>
    /// <exception cref="StartException">The plan would not start.</exception>
    public void Test(Plan plan, string configurationFolder, Action<Generation>? look = null)
    {
        var generation = Load(plan, configurationFolder);
        try
        {
            ListeningSockets.Test(generation.Http.Listens, report);
        }
        catch (ListenException fault)
        {
            throw new StartException(fault.Message);
        }
        look?.Invoke(generation);
    }

    /// <summary>
    /// Serves by the plan that was prepared last. Whoever is being served ends under the one before.
    /// </summary>
    public void PutInForce()
    {
        var (generation, sockets, newLoops) = _next ?? throw new InvalidOperationException("no plan has been prepared");
        _next = null;
        var (old, oldSockets) = (Generation, _sockets);
        (Generation, _sockets) = (generation, sockets);
        old?.ReplaceBy(generation);
        Refusals.Use(generation.Http.Refusals);
        oldSockets.UnlinkAllBut(sockets, report);
        var count = LoopCount(generation.Plan);
        var kept = _workers.Take(count).ToList();
        var leaving = _workers.Skip(count).ToList();
        _workers.RemoveRange(kept.Count, leaving.Count);
        _leaving.AddRange(leaving);
        OnAll(
            [
                .. kept.Select<Worker, (Worker, Action<Worker>)>(worker => (worker, Switch)),
                .. leaving.Select<Worker, (Worker, Action<Worker>)>(worker => (worker, Leave)),
            ],
            CloseOld);
        if (old is not null)
        {
            LoopPlacement.Prepare(old.Plan.Main, generation.Plan.Main, report);
        }
        _ = _leaving.RemoveAll(static worker => worker.HasEnded);
        _ = _threads.RemoveAll(static thread => !thread.IsAlive);
        _workers.AddRange(newLoops.Select(loop => StartWorker(loop, generation, sockets)));
        _share.Use(_workers);

        void Switch(Worker worker)
        {
            LoopPlacement.Change(worker.Loop.Number, old!.Plan.Main, generation.Plan.Main, report);
            worker.Generation = generation;
            worker.Listen(sockets);
        }

        void Leave(Worker worker)
        {
            worker.Listen(ListeningSockets.None);
            worker.StopWhenEmpty();
        }

        void CloseOld()
        {
            oldSockets.CloseAllBut(sockets);
            Retire(old!, [.. kept, .. leaving], old!.LogSet);
        }
    }

    /// <summary>QUIT: accepts nobody, closes who is idle, and ends when the last request has been answered.</summary>
    public void Drain()
    {
        var (generation, sockets, workers) = (Generation!, _sockets, _workers.ToArray());
        _sockets = ListeningSockets.None;
        sockets.UnlinkAllBut(ListeningSockets.None, report);
        OnAll([.. workers.Select<Worker, (Worker, Action<Worker>)>(worker => (worker, Leave))], () =>
        {
            sockets.CloseAllBut(ListeningSockets.None);
            Retire(generation, workers, logs: null);
        });

        static void Leave(Worker worker)
        {
            worker.Listen(ListeningSockets.None);
            worker.StopWhenEmpty();
        }
    }

    /// <summary>TERM: ends at once. As under nginx nobody is told, and what was being answered is not logged.</summary>
    public void Stop()
    {
        foreach (var worker in _workers.Concat(_leaving))
        {
            worker.Loop.Stop();
        }
    }

    /// <summary>Waits until every loop has ended.</summary>
    public void Wait() => _threads.ForEach(thread => thread.Join());

    /// <summary>worker_processes: nginx's processes are threads here.</summary>
    public static int LoopCount(Plan plan) => plan.Main.WorkerProcesses > 0 ? plan.Main.WorkerProcesses : Environment.ProcessorCount;

    private Generation Load(Plan plan, string configurationFolder) =>
        Generation.Load(plan, configurationFolder, Logs, Owner, time, Generation, Refusals);

    /// <summary>Closes who is idle under it; the others may end what they have begun, within worker_shutdown_timeout.</summary>
    private void Retire(Generation generation, IReadOnlyList<Worker> workers, LogSet? logs)
    {
        generation.OnEnd = () =>
        {
            // Scripts wait for nginx's line to know that nobody is served by the old configuration any more.
            report(LogLevel.Notice, $"worker process {Environment.ProcessId} exited with code 0");
            logs?.Dispose();
        };
        generation.Retire();
        foreach (var worker in workers)
        {
            worker.Loop.Post(() =>
            {
                worker.CloseIdleOfRetired();
                worker.CloseLater(generation);
            });
        }
    }

    /// <summary>Runs each action on its loop, and then <paramref name="last"/> on the loop that was last.</summary>
    private static void OnAll((Worker Worker, Action<Worker> Action)[] steps, Action last)
    {
        var waiting = steps.Length;
        foreach (var (worker, action) in steps)
        {
            worker.Loop.Post(() =>
            {
                try
                {
                    action(worker);
                }
                finally
                {
                    if (Interlocked.Decrement(ref waiting) == 0)
                    {
                        last();
                    }
                }
            });
        }
    }

    /// <summary>Loops that are missing from that many. They take descriptors, of which there may be too few.</summary>
    private void AddMissing(List<Loop> loops, int count)
    {
        while (_workers.Count + loops.Count < count)
        {
            loops.Add(new Loop(_workers.Count + loops.Count, time,
                fault => report(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}")));
        }
    }

    private Worker StartWorker(Loop loop, Generation generation, ListeningSockets sockets)
    {
        var worker = new Worker(loop, time) { Generation = generation, Serve = Serve, Share = _share };
        loop.Post(() => worker.Listen(sockets));
        var thread = new Thread(() => Run(worker)) { Name = $"loop {loop.Number}" };
        _threads.Add(thread);
        _ = Interlocked.Increment(ref _running);
        thread.Start();
        return worker;
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

    private void Run(Worker worker)
    {
        // Nobody on the network reaches a thread that may read root's files.
        Credentials.GiveUp();
        TlsLibrary.Separate(worker.Loop.Number);
        LoopPlacement.Begin(worker.Loop.Number, worker.Generation.Plan.Main, report);
        worker.Loop.Run();
        worker.Dispose();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            OnEnd?.Invoke();
        }
    }

    /// <summary>After the last loop has ended.</summary>
    public void CloseSockets()
    {
        _sockets.UnlinkAllBut(ListeningSockets.None, report);
        _sockets.CloseAllBut(ListeningSockets.None);
        _sockets = ListeningSockets.None;
        Refusals.CloseSocket();
    }

    /// <inheritdoc cref="CloseSockets"/>
    public void Dispose()
    {
        CloseSockets();
        Refusals.Dispose();
        Logs.Dispose();
    }
}
