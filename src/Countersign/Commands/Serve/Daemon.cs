using System.Diagnostics;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>
/// <c>daemon on</c>: the gate goes on in a process of its own. It is started anew rather than forked, since a runtime with threads
/// cannot be; the one at the terminal waits until it serves, so that its exit code tells the truth.
/// </summary>
internal static class Daemon
{
    /// <summary>Set for the process that is to serve; it says <see cref="Ready"/> on its standard error, once, and nothing after.</summary>
    private const string Mark = "COUNTERSIGN_DAEMON";
    private const string Ready = "\u0006";

    public static bool IsDaemon => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <returns>Exit code: 0 once the other process serves.</returns>
    public static int Start(string[] arguments, TextWriter error)
    {
        // Pipes of its own for all three: whoever reads this process's output to its end must not wait for the daemon's.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[Mark] = "1";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line == Ready)
            {
                return 0;
            }
            error.WriteLine(line);
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
        Console.Error.WriteLine(Ready);
        FileDescriptor.Silence(errorsToo: false);
    }
}
