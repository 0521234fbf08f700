using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Load.Compare;

/// <summary>A server that is measured, running, with a backend of its own.</summary>
internal sealed class Subject : IDisposable
{
    private readonly Bench _bench;
    private readonly Software _software;
    private readonly ServerSettings _settings;
    private readonly string _folder;
    private readonly PinnedProcess _backend;
    private readonly PinnedProcess _process;

    /// <param name="loops">Threads or processes that serve.</param>
    /// <param name="connections">That it must be able to hold.</param>
    /// <param name="sessionCache">Its size.</param>
    /// <param name="explains">False for a gate that writes down no refusals.</param>
    public Subject(Bench bench, Software software, Placement placement, int loops = 1, int connections = 4096, string sessionCache = "10m", bool explains = true)
    {
        (_bench, _software, Placement) = (bench, software, placement);
        _settings = new ServerSettings(Enum.GetValues<Keys>().ToDictionary(keys => keys, _ => Ports.Next()), Ports.Next(), loops, connections, sessionCache, explains);
        _folder = Directory.CreateDirectory(Path.Combine(bench.Folder, $"{software.Name}-{Port(Keys.P256)}")).FullName;
        var arguments = software.Prepare(_folder, bench, _settings);
        _backend = Bench.Backend(placement.Clients, _settings.Backend, software.Passed);
        var started = Stopwatch.GetTimestamp();
        _process = new PinnedProcess(placement.Server, software.Program, arguments, output: false);
        WaitUntilOpen();
        StartTime = Stopwatch.GetElapsedTime(started);
    }

    public string Name => _software.Name;
    public Software Software => _software;
    public Placement Placement { get; }
    /// <summary>From its start until it accepted a connection.</summary>
    public TimeSpan StartTime { get; }
    public long Resident => ServerProcesses.Resident(_process.Id);
    public long Anonymous => ServerProcesses.Anonymous(_process.Id);
    /// <summary>Bytes in its log files.</summary>
    public long Logged => Directory.EnumerateFiles(_folder, "*.log").Sum(path => new FileInfo(path).Length);
    public IReadOnlyList<int> Processes => [.. ServerProcesses.Tree(_process.Id)];

    public int BackendPort => _settings.Backend;

    public int Port(Keys keys) => _settings.Ports[keys];

    public ProcessorUse ProcessorUse() => ServerProcesses.ProcessorUse(_process.Id);

    /// <summary>The same software once more, in a process that nothing has been done with.</summary>
    public Subject Fresh(int connections = 4096) => new(_bench, _software, Placement, connections: connections);

    public void Dispose()
    {
        _process.Dispose();
        _backend.Dispose();
    }

    private void WaitUntilOpen()
    {
        var asked = Stopwatch.GetTimestamp();
        while (!_process.HasEnded && Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(10))
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port(Keys.P256));
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(1);
            }
        }
        Dispose();
        throw new LoadException($"{Name} does not listen");
    }
}
