using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy;

namespace Countersign.Commands.Serve;

/// <summary>Serves: nginx's command line without -t, -s and the like.</summary>
internal static class ServeCommand
{
    public static int Run(NginxArguments arguments, string[] words, TextWriter error)
    {
        CurrentProcess.StopIgnoring([CurrentProcess.SignalHangUp, CurrentProcess.SignalInterrupt, CurrentProcess.SignalQuit], words);
        using var log = new StartLog(arguments.ErrorLog, error);
        var loaded = ConfigurationFile.Load(arguments);
        // A daemon's problems have been shown by the one that started it.
        if (!Daemon.IsDaemon || loaded.Plan is null)
        {
            log.Write(loaded.Problems);
        }
        if (loaded.Plan is not { } plan)
        {
            return 1;
        }
        if (plan.Main.Daemon && !Daemon.IsDaemon)
        {
            return Daemon.Start(words, error);
        }
        if (Daemon.IsDaemon)
        {
            Daemon.Detach();
        }
        if (Serve(arguments, plan, log) is { } wrong)
        {
            log.Write(plan, wrong);
            return 1;
        }
        return 0;
    }

    /// <returns>Null at the end of a life; nginx's sentence when there was none.</returns>
    private static string? Serve(NginxArguments arguments, Plan plan, StartLog log)
    {
        CurrentProcess.IgnoreBrokenPipe();
        using var signals = new SignalQueue();
        if (RunAs.Find(plan.Main, out var runAs) is { } nobody)
        {
            return nobody;
        }
        OpenFiles.Raise(plan.Main, log.Write);
        LoopPlacement.Prepare(null, plan.Main, log.Write);
        GateProcess? gate = null;
        using var server = new ProxyServer(TimeProvider.System, (level, text) => (gate is null ? log.Write : (Action<LogLevel, string>)gate.Log)(level, text))
        {
            Owner = runAs?.Identity,
        };
        try
        {
            server.Prepare(plan, ConfigurationFile.Folder(arguments));
        }
        catch (StartException fault)
        {
            log.UseLogsOf(plan, server.Logs);
            return fault.Message;
        }
        log.UseLogsOf(plan, server.Logs);
        if (PidFile.Write(plan.Main.PidFile, out var pidFile) is { } unwritable)
        {
            return unwritable;
        }
        if (runAs is not null && GiveUpRoot(runAs, server, plan, log) is { } stillRoot)
        {
            pidFile!.Dispose();
            return stillRoot;
        }
        log.Write(LogLevel.Notice, "using the \"epoll\" event method");
        log.Write(LogLevel.Notice, Signature.Full);
        log.Write(LogLevel.Notice, $"built with {OpenSslLibrary.Version}");
        log.Write(LogLevel.Notice, $"OS: Linux {Environment.OSVersion.Version}");
        log.Write(LogLevel.Notice, "start worker processes");
        gate = new GateProcess(arguments, server, signals, pidFile!);
        log.Dispose();
        gate.Run();
        return null;
    }

    private static string? GiveUpRoot(RunAs runAs, ProxyServer server, Plan plan, StartLog log)
    {
        server.Logs.ChangeOwner(runAs.Identity.User, runAs.Identity.Group);
        var result = runAs.Become();
        if (result < 0)
        {
            return $"setuid({runAs.Identity.User}) failed ({-result}: {Errno.Text(-result)})";
        }
        if (LaterWrites.FirstForbidden(plan) is { } folder)
        {
            log.Write(LogLevel.Notice, $"keeping CAP_DAC_OVERRIDE for reloads and log rotation: \"{runAs.Name}\" may not write to \"{folder}\"");
        }
        else
        {
            Credentials.GiveUpWriting();
        }
        return null;
    }
}
