using System.Diagnostics;

namespace Countersign.Load.Compare;

/// <summary>A process on some cores, which ends with this object.</summary>
internal sealed class PinnedProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="cores">As taskset takes them: <c>0</c> or <c>0,1</c>.</param>
    /// <param name="output">Whether its standard output is read by <see cref="ReadLine"/>.</param>
    /// <param name="givesWay">It runs while nothing else on its cores does (SCHED_IDLE).</param>
    public PinnedProcess(string cores, string program, IEnumerable<string> arguments, bool output, bool givesWay = false)
    {
        var start = new ProcessStartInfo("chrt", [givesWay ? "--idle" : "--other", "0", "taskset", "-c", cores, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = output,
        };
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_LIBSSL") is { Length: > 0 } library)
        {
            // Countersign reads the variable itself; everybody else finds the library by its folder.
            start.Environment["LD_LIBRARY_PATH"] = Path.GetDirectoryName(Path.GetFullPath(library));
        }
        _process = Process.Start(start) ?? throw new LoadException($"{program} does not start");
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <exception cref="LoadException">It ended instead.</exception>
    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new LoadException("a process of the measurement ended; its last words are above");

    public void WriteLine(string line) => _process.StandardInput.WriteLine(line);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // nginx's workers go with their master only when it is asked.
            _ = Native.CurrentProcess.Send(_process.Id, Native.CurrentProcess.SignalTerminate);
            if (!_process.WaitForExit(5000))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }
}
