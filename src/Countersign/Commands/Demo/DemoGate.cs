using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Countersign.Native;

namespace Countersign.Commands.Demo;

/// <summary>The gate could not be started, or it ended by itself.</summary>
internal sealed class DemoGateException(string message, string next) : CommandException(message, next, exitCode: 1);

/// <summary>The gate, as anybody would start it: the program in a process of its own, with nginx's command line.</summary>
internal sealed class DemoGate : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly DemoFolder _folder;
    private readonly StringBuilder _said = new();

    private DemoGate(Process process, DemoFolder folder)
    {
        _process = process;
        _folder = folder;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What ends when the gate does.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <exception cref="DemoGateException">with what the program said.</exception>
    public static async Task<DemoGate> Start(string program, DemoFolder folder, DemoClient client, TimeProvider time, CancellationToken cancellation)
    {
        DemoGate gate;
        try
        {
            gate = new DemoGate(new Process { StartInfo = Command(program, folder) }, folder);
        }
        catch (Win32Exception failure)
        {
            throw new DemoGateException($"cannot start {program}: {Errno.Text(failure.NativeErrorCode)}", $"ls -l {program}");
        }
        try
        {
            await gate.Ready(client, time, cancellation);
            return gate;
        }
        catch
        {
            await gate.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            if (!_process.HasExited)
            {
                _ = CurrentProcess.Send(_process.Id, CurrentProcess.SignalTerminate);
            }
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Command(string program, DemoFolder folder)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        foreach (var argument in (string[])["-p", folder.Path + "/", "-c", "nginx.conf", "-e", "logs/error.log", "-g", "daemon off;"])
        {
            start.ArgumentList.Add(argument);
        }
        // The service manager asked this program for its state, not the gate.
        start.Environment.Remove("NOTIFY_SOCKET");
        return start;
    }

    /// <summary>Asks the server that wants no certificate until it answers, which leaves nothing in the error log.</summary>
    private async Task Ready(DemoClient client, TimeProvider time, CancellationToken cancellation)
    {
        var probe = new DemoCase("ready", "", DemoExpectation.Accepted()) { ServerName = DemoConfiguration.Public, Host = DemoConfiguration.Public };
        var start = time.GetTimestamp();
        while (client.Ask(probe) is { Status: not 200 } sight)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancellation);
                throw new DemoGateException(
                    $"the gate ended with exit code {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}\n{Said}".TrimEnd(), Next);
            }
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new DemoGateException(
                    $"the gate does not answer: {sight.Failure ?? $"status {sight.Status}, alert {sight.Alert}"}\n{Said}{LastLogged()}".TrimEnd(), Next);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
    }

    private string Next => $"{_process.StartInfo.FileName} -V";

    private string LastLogged() => File.Exists(_folder.ErrorLog) ? string.Join('\n', File.ReadLines(_folder.ErrorLog).TakeLast(10)) : "";

    private string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private void Hear(object sender, DataReceivedEventArgs heard)
    {
        lock (_said)
        {
            _said.Append(heard.Data).Append('\n');
        }
    }
}
