using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy;

namespace Countersign.Commands.Serve;

/// <summary>The gate while it serves: acts on signals until one of them ends it.</summary>
internal sealed class GateProcess(NginxArguments arguments, ProxyServer server, SignalQueue signals, PidFile pidFile)
{
    private PidFile _pidFile = pidFile;
    private bool _isDraining;

    private MainPlan Main => server.Generation!.Plan.Main;

    public void Run()
    {
        server.OnEnd = signals.Wake;
        server.PutInForce();
        if (Daemon.IsDaemon)
        {
            Daemon.SayReady();
        }
        RedirectStandardError();
        ServiceManager.SayReady();
        while (server.IsServing)
        {
            Act(signals.Take());
        }
        server.Wait();
        using (Credentials.Raise())
        {
            server.CloseSockets();
            _pidFile.Dispose();
        }
        Log(LogLevel.Notice, "exit");
    }

    public void Log(LogLevel level, string text) => server.Generation!.ErrorLog.Write(Main.ErrorLogs, level, text);

    private void Act(int signal)
    {
        switch (signal)
        {
            case CurrentProcess.SignalHangUp when !_isDraining:
                Received(signal, ", reconfiguring");
                Reload();
                break;
            case CurrentProcess.SignalQuit when !_isDraining:
                Received(signal, ", shutting down");
                Drain();
                break;
            case CurrentProcess.SignalTerminate or CurrentProcess.SignalInterrupt:
                Received(signal, ", exiting");
                ServiceManager.SayStopping();
                server.Stop();
                break;
            case CurrentProcess.SignalUser1:
                Received(signal, ", reopening logs");
                ReopenLogs();
                break;
            case CurrentProcess.SignalUser2:
                Received(signal, ", ignoring");
                Log(LogLevel.Crit, "the changing binary signal is ignored: start the new binary beside this one, on \"reuseport\" sockets, then send QUIT here");
                break;
            case SignalQueue.WindowChange when Daemon.IsDaemon && !_isDraining:
                Received(signal, ", ignoring");
                Log(LogLevel.Warn, "there are no worker processes to stop alone: send QUIT");
                break;
            case 0:
                break;
            default:
                Received(signal, "");
                break;
        }
    }

    /// <summary>Their folder may be root's: as under nginx, new files can be made there all the same.</summary>
    private void ReopenLogs()
    {
        using var raised = Credentials.Raise();
        server.Logs.Reopen(text => Log(LogLevel.Emerg, text));
        RedirectStandardError();
    }

    private void Received(int signal, string action) => Log(LogLevel.Notice, $"signal {SignalQueue.Name(signal)} received{action}");

    private void Reload()
    {
        Log(LogLevel.Notice, "reconfiguring");
        ServiceManager.SayReloading();
        try
        {
            using var raised = Credentials.Raise();
            if (Prepare())
            {
                server.PutInForce();
                RedirectStandardError();
                Log(LogLevel.Notice, "start worker processes");
            }
        }
        catch (Exception fault)
        {
            // Whatever is wrong with the new plan, the old one goes on.
            Log(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
        ServiceManager.SayReady();
    }

    private bool Prepare()
    {
        var loaded = ConfigurationFile.Load(arguments);
        foreach (var problem in loaded.Problems)
        {
            Log(ConfigurationFile.LogLevelOf(problem.Level), ProblemText.NginxLine(problem));
        }
        if (loaded.Plan is not { } plan)
        {
            return false;
        }
        PidFile? moved = null;
        if (!_pidFile.Is(plan.Main.PidFile) && PidFile.Write(plan.Main.PidFile, out moved) is { } unwritable)
        {
            Log(LogLevel.Emerg, unwritable);
            return false;
        }
        try
        {
            server.Prepare(plan, ConfigurationFile.Folder(arguments));
        }
        catch (StartException fault)
        {
            moved?.Dispose();
            Log(LogLevel.Emerg, fault.Message);
            return false;
        }
        if (moved is not null)
        {
            _pidFile.Dispose();
            _pidFile = moved;
        }
        if (plan.Main.WorkerRlimitNofile != Main.WorkerRlimitNofile || plan.Main.WorkerProcesses != Main.WorkerProcesses)
        {
            OpenFiles.Raise(plan.Main, Log);
        }
        if (plan.Main.User != Main.User || plan.Main.Group != Main.Group)
        {
            Log(LogLevel.Warn, "another \"user\" needs a restart: this process has given root up");
        }
        return true;
    }

    private void Drain()
    {
        _isDraining = true;
        ServiceManager.SayStopping();
        Log(LogLevel.Notice, "gracefully shutting down");
        using var raised = Credentials.Raise();
        server.Drain();
    }

    /// <summary>What a dying daemon says goes to the log, as with nginx. In the foreground it is for whoever watches.</summary>
    private void RedirectStandardError()
    {
        if (Daemon.IsDaemon && !Main.ErrorLogs.Any(target => target.IsStandardError))
        {
            server.Logs.Find(Main.ErrorLogs[0].Path)?.BecomeStandardError();
        }
    }
}
