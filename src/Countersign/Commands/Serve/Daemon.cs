using System.Diagnostics;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>
/// <c>daemon on</c>: the gate goes on in a process of its own. It is started anew rather than forked, since a runtime with threads
/// cannot be; the one at the terminal waits until it serves, so that its exit code tells the truth.
/// </summary>
internal static class Daemon
{
    /// <summary>Set for the process that is to serve; it says <see cref="Ready"/> on its standard output, once.</summary>
    private const string Mark = "COUNTERSIGN_DAEMON";
    private const string Ready = "serving";

    public static bool IsDaemon => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <returns>Exit code: 0 once the other process serves.</returns>
    public static int Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment[Mark] = "1";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        if (process.StandardOutput.ReadLine() == Ready)
        {
            return 0;
        }
        process.WaitForExit();
        return process.ExitCode == 0 ? 1 : process.ExitCode;
    }

    /// <summary>Leaves the terminal, and the file mode mask of whoever sat there, as nginx does.</summary>
    public static void Detach()
    {
        _ = CurrentProcess.NewSession();
        _ = CurrentProcess.SetFileMask(0);
    }

    /// <summary>Lets the one at the terminal go.</summary>
    public static void SayReady()
    {
        Console.Out.WriteLine(Ready);
        Console.Out.Flush();
        FileDescriptor.Silence(errorsToo: false);
    }
}
