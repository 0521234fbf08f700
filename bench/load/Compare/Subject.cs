using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Load.Compare;

/// <summary>A server that is measured, running.</summary>
internal sealed class Subject : IDisposable
{
    private readonly PinnedProcess _process;

    private Subject(string name, string version, string library, int port, PinnedProcess process)
    {
        (Name, Version, Library, Port) = (name, version, library, port);
        _process = process;
        WaitUntilOpen();
        ResidentAtStart = ServerProcesses.Resident(process.Id);
    }

    public string Name { get; }
    /// <summary>The first line of <c>-V</c>.</summary>
    public string Version { get; }
    /// <summary>The libssl it names there.</summary>
    public string Library { get; }
    public int Port { get; }
    public long ResidentAtStart { get; }
    public long Resident => ServerProcesses.Resident(_process.Id);
    public TimeSpan ProcessorTime => ServerProcesses.ProcessorTime(_process.Id);

    public static Subject Start(string name, string program, string folder, int port, int backend, int core)
    {
        var about = About(program);
        var isCountersign = about.Contains("countersign", StringComparison.Ordinal);
        var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var file = Path.Combine(own, "server.conf");
        File.WriteAllText(file, ServerConfiguration.Text(folder, port, backend, isCountersign));
        var lines = about.Split('\n');
        return new Subject(
            name, lines[0].Split(": ")[^1], lines.FirstOrDefault(line => line.StartsWith("built with", StringComparison.Ordinal)) ?? "", port,
            new PinnedProcess(core, program, ["-p", own + "/", "-c", file, "-e", Path.Combine(own, "error.log")], output: false));
    }

    public void Dispose() => _process.Dispose();

    private static string About(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["-V"]) { RedirectStandardError = true })
            ?? throw new LoadException($"{program} does not start");
        return process.StandardError.ReadToEnd();
    }

    private void WaitUntilOpen()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (_process.HasEnded)
            {
                break;
            }
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }
        _process.Dispose();
        throw new LoadException($"{Name} does not listen");
    }
}
