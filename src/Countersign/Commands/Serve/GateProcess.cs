using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy;

namespace Countersign.Commands.Serve;

/// <summary>The gate while it serves: acts on signals until one of them ends it.</summary>
internal sealed class GateProcess(NginxArguments arguments, ProxyServer server, SignalQueue signals, PidFile pidFile)
{
    private const string NotifyVariable = "NOTIFY_SOCKET";

    private PidFile _pidFile = pidFile;
    private bool _draining;

    public void Run()
    {
        Log(LogLevel.Notice, "using the \"epoll\" event method");
        Log(LogLevel.Notice, Signature.Full);
        Log(LogLevel.Notice, $"built with {OpenSslLibrary.Version}");
        Log(LogLevel.Notice, $"OS: {Environment.OSVersion.VersionString}");
        server.Start();
        Log(LogLevel.Notice, "start worker processes");
        if (Daemon.IsDaemon)
        {
            Daemon.SayReady();
        }
        Notify("READY=1");
        var ended = new Thread(() => { server.Wait(); signals.Wake(); }) { IsBackground = true, Name = "end" };
        ended.Start();
        while (ended.IsAlive)
        {
            Act(signals.Take());
        }
        Log(LogLevel.Notice, "exit");
        _pidFile.Dispose();
    }

    private void Act(int signal)
    {
        if (signal == 0)
        {
            return;
        }
        Log(LogLevel.Notice, $"signal {SignalQueue.Name(signal)} received");
        switch (signal)
        {
            case CurrentProcess.SignalHangUp when !_draining:
                Reload();
                break;
            case CurrentProcess.SignalQuit when !_draining:
                Drain();
                break;
            case CurrentProcess.SignalTerminate or CurrentProcess.SignalInterrupt:
                Notify("STOPPING=1");
                Log(LogLevel.Notice, "exiting");
                server.Stop();
                break;
            case CurrentProcess.SignalUser1:
                Log(LogLevel.Notice, "reopening logs");
                server.Logs.Reopen(text => Log(LogLevel.Emerg, text));
                break;
            case CurrentProcess.SignalUser2:
                Log(LogLevel.Warn, "changing the binary on the fly is not supported: start the new one with SO_REUSEPORT sockets, then send this one QUIT");
                break;
            default:
                break;
        }
    }

    private void Reload()
    {
        Log(LogLevel.Notice, "reconfiguring");
        Notify("RELOADING=1");
        using (Credentials.Raise())
        {
            var loaded = ConfigurationFile.Load(arguments);
            foreach (var problem in loaded.Problems)
            {
                Log(ConfigurationFile.LogLevelOf(problem.Level), ProblemText.NginxLine(problem));
            }
            if (loaded.Plan is { } plan)
            {
                Apply(plan);
            }
        }
        Notify("READY=1");
    }

    private void Apply(Plan plan)
    {
        try
        {
            server.Reload(plan, ConfigurationFile.Folder(arguments));
        }
        catch (StartException fault)
        {
            Log(LogLevel.Emerg, fault.Message);
            return;
        }
        if (!_pidFile.Is(plan.Main.PidFile))
        {
            if (PidFile.Write(plan.Main.PidFile, out var moved) is { } unwritable)
            {
                Log(LogLevel.Emerg, unwritable);
                return;
            }
            _pidFile.Dispose();
            _pidFile = moved!;
        }
    }

    private void Drain()
    {
        _draining = true;
        Notify("STOPPING=1");
        Log(LogLevel.Notice, "gracefully shutting down");
        server.Drain();
        if (server.Generation!.Plan.Main.WorkerShutdownTimeout is { } limit)
        {
            var timer = new Thread(() => { Thread.Sleep(limit); server.CloseAll(); }) { IsBackground = true, Name = "shutdown" };
            timer.Start();
        }
    }

    private void Log(LogLevel level, string text) => server.Generation!.ErrorLog.Write(server.Generation.Plan.Main.ErrorLogs, level, text);

    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable(NotifyVariable) is { Length: > 0 })
        {
            _ = CurrentProcess.NotifyServiceManager(state);
        }
    }
}
