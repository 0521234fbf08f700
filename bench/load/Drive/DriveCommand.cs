using System.Globalization;
using System.Net;
using Countersign.Native;

namespace Countersign.Load.Drive;

/// <summary>
/// Clients of one server. After the operations that warm it up it writes "ready" and waits for a line, so that the caller
/// can look at the server's clock; then come the counted ones and one line with how they went, and once more for each
/// further line. Connections that are held stay until the next line.
/// </summary>
internal static class DriveCommand
{
    public static readonly string[] Known =
        ["address", "name", "work", "protocol", "path", "upload", "connections", "operations", "warm-up", "rate", "certificate", "key", "trusted"];

    public static int Run(Arguments arguments)
    {
        var work = Enum.TryParse<Work>(arguments.Text("work", nameof(Work.Full)), ignoreCase: true, out var parsed)
            ? parsed
            : throw new FormatException("--work: full, refused, resumed, keepalive or hold");
        using var context = TlsClientContext.Create(new TlsClientOptions
        {
            Certificate = new TlsKeyPair(arguments.Text("certificate"), arguments.Text("key")),
            Protocols = arguments.Text("protocol", "1.3") switch
            {
                "1.2" => TlsProtocols.Tls12,
                "1.3" => TlsProtocols.Tls13,
                _ => throw new FormatException("--protocol: 1.2 or 1.3"),
            },
            SessionReuse = work == Work.Resumed,
        });
        var address = IPEndPoint.Parse(arguments.Text("address"));
        var operations = arguments.Number("operations");
        var connections = arguments.Number("connections", 32);
        var request = new Request(
            arguments.Text("name"), arguments.Text("path", "/a"), arguments.Number("upload", 0), isLast: work is Work.Full or Work.Refused or Work.Resumed);
        using var load = new LoadLoop(
            context, Native.SocketAddress.FromIP(address.Address, address.Port), request, work, new Pace(arguments.Number("rate", 0)),
            clients: work == Work.Hold ? operations : connections, atOnce: connections);

        if (work != Work.Hold)
        {
            load.Run(arguments.Number("warm-up", 100));
        }
        Console.WriteLine("ready");
        var failures = 0;
        while (Console.ReadLine() is not null)
        {
            var result = load.Run(operations);
            failures += result.Failures;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"operations={operations} seconds={result.Seconds:F4} resumed={result.Resumed} failures={result.Failures} p50={load.Latencies.Percentile(50):F1} p99={load.Latencies.Percentile(99):F1}"));
            if (work == Work.Hold)
            {
                Console.ReadLine();
                Console.WriteLine($"open={load.CountOpen()}");
                break;
            }
        }
        return failures == 0 ? 0 : 1;
    }
}
