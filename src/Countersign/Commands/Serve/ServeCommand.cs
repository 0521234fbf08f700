using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy;

namespace Countersign.Commands.Serve;

/// <summary>Serves: nginx's command line without -t, -s and the like.</summary>
internal static class ServeCommand
{
    public static int Run(NginxArguments arguments, string[] words, TextWriter error)
    {
        CurrentProcess.StopIgnoring([CurrentProcess.SignalInterrupt, CurrentProcess.SignalQuit], words);
        var loaded = ConfigurationFile.Load(arguments);
        // A daemon's problems have been shown by the one that started it.
        if (!Daemon.IsDaemon || loaded.Plan is null)
        {
            ConfigurationFile.Report(loaded.Problems, error);
        }
        if (loaded.Plan is not { } plan)
        {
            return 1;
        }
        if (plan.Main.Daemon && !Daemon.IsDaemon)
        {
            return Daemon.Start(words);
        }
        if (Daemon.IsDaemon)
        {
            Daemon.Detach();
        }
        return Serve(arguments, plan, error);
    }

    private static int Serve(NginxArguments arguments, Plan plan, TextWriter error)
    {
        CurrentProcess.IgnoreBrokenPipe();
        using var signals = new SignalQueue();
        if (RunAs.Find(plan.Main, out var runAs) is { } nobody)
        {
            return Fail(error, nobody);
        }
        RaiseOpenFiles(plan.Main);
        using var server = new ProxyServer(TimeProvider.System) { Owner = runAs is null ? null : new UserIdentity(runAs.User, runAs.Group) };
        try
        {
            server.Prepare(plan, ConfigurationFile.Folder(arguments));
        }
        catch (StartException fault)
        {
            return Fail(error, fault.Message);
        }
        if (PidFile.Write(plan.Main.PidFile, out var pidFile) is { } unwritable)
        {
            return Fail(error, unwritable);
        }
        if (runAs is not null)
        {
            server.Logs.ChangeOwner(runAs.User, runAs.Group);
            if (runAs.Become() is var result and < 0)
            {
                pidFile!.Dispose();
                return Fail(error, $"setuid({runAs.User}) failed ({-result}: {Errno.Text(-result)})");
            }
        }
        new GateProcess(arguments, server, signals, pidFile!).Run();
        return 0;
    }

    private static int Fail(TextWriter error, string text)
    {
        error.WriteLine($"countersign: [emerg] {text}");
        return 1;
    }

    /// <summary>worker_rlimit_nofile; without it, as much as worker_connections may need and the system allows.</summary>
    private static void RaiseOpenFiles(MainPlan main)
    {
        if (CurrentProcess.OpenFileLimit(out var current, out var maximum) < 0)
        {
            return;
        }
        if (main.WorkerRlimitNofile is { } wanted)
        {
            _ = CurrentProcess.SetOpenFileLimit((ulong)wanted, Math.Max(maximum, (ulong)wanted));
            return;
        }
        var loops = main.WorkerProcesses > 0 ? main.WorkerProcesses : Environment.ProcessorCount;
        // nginx has a limit for each worker process; ours has to do for all loops.
        _ = CurrentProcess.SetOpenFileLimit(Math.Min(maximum, Math.Max(current, current * (ulong)loops)), maximum);
    }
}
