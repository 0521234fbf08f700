using Countersign.Commands.Serve;
using Countersign.Native;

namespace Countersign.Commands;

/// <summary><c>-s stop|quit|reopen|reload</c>: tells the process of the pid file.</summary>
internal static class SignalCommand
{
    public static int Run(NginxArguments arguments, TextWriter error)
    {
        var loaded = ConfigurationFile.Load(arguments);
        if (loaded.Plan is not { } plan)
        {
            ConfigurationFile.Report(loaded.Problems, error);
            return 1;
        }
        if (PidFile.Read(plan.Main.PidFile, out var process) is { } wrong)
        {
            error.WriteLine($"countersign: [error] {wrong}");
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
            error.WriteLine($"countersign: [alert] kill({process}, {signal}) failed ({-result}: {Errno.Text(-result)})");
            return 1;
        }
        return 0;
    }
}
