using Countersign.Commands.Serve;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands;

/// <summary><c>-s stop|quit|reopen|reload</c>: tells the process of the pid file.</summary>
internal static class SignalCommand
{
    public static int Run(NginxArguments arguments, TextWriter error)
    {
        using var log = new StartLog(arguments.ErrorLog, error);
        var loaded = ConfigurationFile.Load(arguments);
        log.Write(loaded.Problems);
        if (loaded.Plan is not { } plan)
        {
            return 1;
        }
        log.Write(plan.Faults);
        if (plan.Faults.Any())
        {
            return 1;
        }
        log.Write(LogLevel.Notice, "signal process started");
        if (PidFile.Read(plan.Main.PidFile, out var process) is { } wrong)
        {
            log.Write(LogLevel.Error, wrong);
            return 1;
        }
        var signal = arguments.Signal switch
        {
            "stop" => CurrentProcess.SignalTerminate,
            "quit" => CurrentProcess.SignalQuit,
            "reopen" => CurrentProcess.SignalUser1,
            _ => CurrentProcess.SignalHangUp,
        };
        var result = CurrentProcess.Send(process, signal);
        if (result < 0)
        {
            log.Write(LogLevel.Alert, $"kill({process}, {signal}) failed ({-result}: {Errno.Text(-result)})");
            return 1;
        }
        return 0;
    }
}
