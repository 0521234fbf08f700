using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// Servers side by side, each on the same core with the same configuration, clients and backend on another one. Rounds are interleaved,
/// so that what else the machine does meets all of them; the first round only warms up.
/// </summary>
internal sealed class CompareCommand(Arguments arguments)
{
    public static readonly string[] Known = ["gate", "rounds", "percent", "connections", "server-core", "load-core", "results"];

    private readonly int _serverCore = arguments.Number("server-core", 0);
    private readonly int _loadCore = arguments.Number("load-core", 1);
    private readonly int _connections = arguments.Number("connections", 32);
    private readonly int _percent = arguments.Number("percent", 100);

    public static int Run(Arguments arguments)
    {
        new CompareCommand(arguments).Measure();
        return 0;
    }

    private void Measure()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-bench-").FullName;
        var subjects = new List<Subject>();
        try
        {
            // nginx's worker is another user.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            Authority.Write(folder);
            var ports = FreePorts(1 + arguments.All("gate").Count);
            using var backend = Self(
                "serve", "--port", Text(ports[0]), "--expect", "X-SSL-Verify: SUCCESS\r\n", "--expect", "X-SSL-Cert: -----BEGIN%20CERTIFICATE-----%0A",
                "--expect", "X-SSL-DN: CN=client 1,");
            backend.ReadLine();
            foreach (var (gate, port) in arguments.All("gate").Zip(ports[1..]))
            {
                var name = gate.Contains('=') ? gate[..gate.IndexOf('=')] : Path.GetFileName(gate);
                subjects.Add(Subject.Start(name, gate[(gate.IndexOf('=') + 1)..], folder, port, ports[0], _serverCore));
            }
            var measurements = Rounds(folder, subjects);
            var report = new Report(subjects, measurements, _connections);
            Console.Write(report.Markdown());
            if (arguments.All("results").Count > 0)
            {
                report.Write(arguments.Text("results"));
            }
        }
        finally
        {
            subjects.ForEach(subject => subject.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private List<Measurement> Rounds(string folder, List<Subject> subjects)
    {
        var measurements = new List<Measurement>();
        var rounds = arguments.Number("rounds", 5);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var row in Row.All)
            {
                // Nobody is always the one that finds the caches as another one left them.
                foreach (var subject in round % 2 == 0 ? subjects : subjects.AsEnumerable().Reverse())
                {
                    var measurement = One(folder, subject, row, round);
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{round}/{rounds} {row.Title,-34} {subject.Name,-16} {measurement.Microseconds,8:F1} us"));
                    if (round > 0)
                    {
                        measurements.Add(measurement);
                    }
                }
            }
        }
        return measurements;
    }

    private Measurement One(string folder, Subject subject, Row row, int round)
    {
        var operations = Math.Max(_connections, row.Operations * _percent / 100);
        using var clients = Self(
            "drive", "--address", $"127.0.0.1:{subject.Port}", "--name", Authority.ServerName, "--work", row.Work.ToString(), "--protocol", row.Protocol,
            "--connections", Text(_connections), "--operations", Text(operations), "--warm-up", Text(Math.Max(row.WarmUp, _connections * 2)),
            "--certificate", Path.Combine(folder, "client.pem"), "--key", Path.Combine(folder, "client.key"));
        clients.ReadLine();
        var before = subject.ProcessorTime;
        clients.WriteLine("go");
        var result = clients.ReadLine().Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var used = subject.ProcessorTime - before;
        var resumed = int.Parse(result["resumed"], CultureInfo.InvariantCulture);
        if (result["failures"] != "0" || resumed != (row.Work == Work.Resumed ? operations : 0))
        {
            throw new LoadException($"{subject.Name}, {row.Title}: {result["failures"]} of {operations} failed, {resumed} were resumed");
        }
        return new Measurement(
            subject.Name, row.Title, round, used.TotalMicroseconds / operations, operations / double.Parse(result["seconds"], CultureInfo.InvariantCulture));
    }

    /// <summary>This program again, on the clients' core.</summary>
    private PinnedProcess Self(params string[] words) => new(_loadCore, Environment.ProcessPath!, words, output: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
