using System.Text;
using Countersign.Refusals;

namespace Countersign.Commands.Demo;

/// <summary>Everything of one demonstration, standing: the folder, the backend and the gate. Disposing leaves nothing behind.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly DemoBackend _backend;
    private readonly DemoClient _client;
    private readonly DemoLog _log;
    private readonly DemoLog? _refusals;

    private DemoStage(DemoFolder folder, DemoPorts ports, DemoBackend backend, DemoClient client, DemoLog log, DemoLog? refusals, DemoGate gate)
    {
        Folder = folder;
        Ports = ports;
        Gate = gate;
        _backend = backend;
        _client = client;
        _log = log;
        _refusals = refusals;
    }

    public DemoFolder Folder { get; }

    public DemoPorts Ports { get; }

    public DemoGate Gate { get; }

    /// <param name="program">The gate's program, which takes nginx's command line.</param>
    /// <exception cref="DemoGateException">The gate did not start.</exception>
    public static async Task<DemoStage> Set(string program, bool isForeign, TimeProvider time, CancellationToken cancellation)
    {
        var folder = new DemoFolder();
        var ports = new DemoPorts();
        var backend = new DemoBackend();
        try
        {
            using (var authority = new DemoAuthority(time))
            {
                folder.Write(authority);
            }
            folder.Write("nginx.conf", DemoConfiguration.Text(ports, backend.Port, Environment.UserName == "root", isForeign));
            var client = new DemoClient(folder, ports);
            var gate = await DemoGate.Start(program, folder, client, time, cancellation);
            var log = new DemoLog(folder.ErrorLog, time);
            // What the start logged belongs to no case.
            await log.TakeLines(null, cancellation);
            // Who answers has opened its logs, so that another server without this one has no reasons to give.
            var refusals = !isForeign || File.Exists(folder.RefusalLog) ? new DemoLog(folder.RefusalLog, time) : null;
            return new DemoStage(folder, ports, backend, client, log, refusals, gate);
        }
        catch
        {
            await Strike(folder, ports, backend);
            throw;
        }
    }

    public async Task<DemoOutcome> Play(DemoCase asked, CancellationToken cancellation)
    {
        var sight = _client.Ask(asked);
        var lines = await _log.TakeLines(asked.Expected.Log, cancellation);
        if (_refusals is null)
        {
            return new DemoOutcome(asked with { Expected = asked.Expected with { Reason = null } }, sight, lines, null, _backend.TakeRequests());
        }
        var refusal = await TakeRefusal(_refusals, asked, cancellation);
        if (refusal is not null && !lines.Any(line => line.Contains(refusal.Incident, StringComparison.Ordinal)))
        {
            // Countersign's own line comes after nginx's and belongs to this case, not to the next.
            lines = [.. lines, .. await _log.TakeLines(refusal.Incident, cancellation)];
        }
        return new DemoOutcome(asked, sight, lines, refusal, _backend.TakeRequests());
    }

    /// <summary>One client at a time: what is written after it came is about it.</summary>
    private static async Task<RefusalEntry?> TakeRefusal(DemoLog log, DemoCase asked, CancellationToken cancellation)
    {
        var lines = await log.TakeLines(asked.Expected.Reason is null ? null : "\"id\":", cancellation);
        return lines.Select(line => RefusalJsonReader.Read(Encoding.UTF8.GetBytes(line))).OfType<RefusalEntry>().FirstOrDefault();
    }

    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await Strike(Folder, Ports, _backend);
    }

    private static async Task Strike(DemoFolder folder, DemoPorts ports, DemoBackend backend)
    {
        await backend.DisposeAsync();
        ports.Dispose();
        folder.Dispose();
    }
}
