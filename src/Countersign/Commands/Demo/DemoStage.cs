namespace Countersign.Commands.Demo;

/// <summary>Everything of one demonstration, standing: the folder, the backend and the gate. Disposing leaves nothing behind.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly DemoBackend _backend;
    private readonly DemoClient _client;
    private readonly DemoLog _log;

    private DemoStage(DemoFolder folder, DemoPorts ports, DemoBackend backend, DemoClient client, DemoLog log, DemoGate gate)
    {
        Folder = folder;
        Ports = ports;
        Gate = gate;
        _backend = backend;
        _client = client;
        _log = log;
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
            return new DemoStage(folder, ports, backend, client, log, gate);
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
        return new DemoOutcome(asked, sight, lines, _backend.TakeRequests());
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
