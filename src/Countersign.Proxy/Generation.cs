using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify.Ocsp;
using Countersign.Proxy.Route;
using Countersign.Proxy.Route.Variables;
using Countersign.Proxy.Upstream;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Proxy;

/// <summary>
/// One plan being served, with everything that was made from it. Immutable in what it decides; a reload makes another one and
/// swaps the reference. A connection keeps the generation it was accepted under, as nginx's old workers keep theirs.
/// </summary>
public sealed class Generation
{
    public required Plan Plan { get; init; }
    public required HttpPlan Http { get; init; }
    /// <summary>TLS contexts by server.</summary>
    public required ServerContexts Tls { get; init; }
    /// <summary>Certificates whose names have variables, of servers and towards backends.</summary>
    public required KeyPairs KeyPairs { get; init; }
    /// <summary>Upstreams and TLS towards them.</summary>
    public required Backends Backends { get; init; }
    public required IErrorLog ErrorLog { get; init; }
    public required AccessLog AccessLog { get; init; }
    /// <summary>The files of both; whoever ends the plan closes them, for its end may yet be logged.</summary>
    public LogSet? LogSet { get; init; }
    /// <summary>Counts up with every reload, from 1.</summary>
    public required int Number { get; init; }
    /// <summary>Where refusals go; null where nobody watches.</summary>
    public RefusalWatch? Refusals { get; init; }

    /// <summary>What clients sent on their way to a trusted root; of all plans.</summary>
    public SeenIntermediates Intermediates { get; init; } = new();

    /// <summary>Answers of the responders of ssl_ocsp.</summary>
    internal OcspCaches Ocsp { get; private init; } = null!;

    /// <summary>How each variable of the plan gets its value.</summary>
    public VariableSet Variables => field ??= new VariableSet(Http.Variables);

    /// <summary>What each server trusts, in words; for refusals.</summary>
    public TrustBook Trust => field ??= new TrustBook(Http, Tls);

    /// <summary>What each server would have a client do, in words; for refusals.</summary>
    public GateBook Gates => field ??= new GateBook(Trust, Tls);

    /// <summary>When it was read.</summary>
    public DateTimeOffset LoadedAt { get; init; }

    /// <summary>A connection has come to no request; the reason has been logged.</summary>
    public ValueTask OnHandshakeAsync(Client client, HandshakeEnd end) => HandshakeDesk.OnEndAsync(client, end);

    /// <summary>A connection has not come past its PROXY protocol header; the reason has been logged.</summary>
    /// <param name="received">What came in its place.</param>
    public ValueTask OnProxyHeaderAsync(Client client, HandshakeEnd end, ReadOnlySpan<byte> received) => HandshakeDesk.OnProxyHeaderAsync(client, end, received);

    /// <summary>In the middle of a client's handshake: the certificates whose names have variables.</summary>
    /// <returns>False when one cannot be used; the reason has been logged.</returns>
    public bool Present(Client client, ServerPlan server, TlsConnection connection) =>
        VariableCertificates.Present(client, server, KeyPairs, connection);

    /// <summary>Reads, makes and opens what the plan names, in the order in which nginx finds faults: certificates, folders, logs.</summary>
    /// <param name="owner">Whom folders are given to, when the gate will not run as root.</param>
    /// <param name="before">The one in force, if any.</param>
    /// <exception cref="StartException">Nothing is left open; of a first plan its logs are, to say so.</exception>
    public static Generation Load(
        Plan plan, string configurationFolder, LogFiles logs, UserIdentity? owner, TimeProvider time, Generation? before, RefusalWatch? refusals = null)
    {
        var http = plan.Http ?? new HttpPlan { Listens = [], Servers = [], Locations = [], Upstreams = [], Variables = new VariableTable() };
        ServerContexts? tls = null;
        Backends? backends = null;
        var set = new LogSet(logs);
        try
        {
            using var files = PemFiles.Open();
            tls = new ServerContexts(http, configurationFolder, time, before?.Tls);
            backends = new Backends(http, configurationFolder, ProxyServer.LoopCount(plan));
            if (TemporaryFolders.Make(plan, owner) is { } wrong)
            {
                throw new StartException(wrong);
            }
            LogPaths.OpenAll(plan, set);
            return new Generation
            {
                Plan = plan,
                Http = http,
                Tls = tls,
                KeyPairs = new KeyPairs(configurationFolder, time),
                Backends = backends,
                ErrorLog = new ErrorLog(logs, time),
                AccessLog = new AccessLog(http, logs),
                LogSet = set,
                Refusals = refusals,
                Ocsp = new OcspCaches(http, time, before?.Ocsp),
                Intermediates = before?.Intermediates ?? new(),
                Number = (before?.Number ?? 0) + 1,
                LoadedAt = time.GetUtcNow(),
            };
        }
        catch (Exception fault)
        {
            tls?.Dispose();
            backends?.Dispose();
            if (before is not null)
            {
                set.Dispose();
            }
            if (fault is LogException or TlsConfigurationException)
            {
                throw new StartException(fault.Message);
            }
            throw;
        }
    }

    private int _users = 1;
    private volatile bool _retired;

    /// <summary>Another plan is in force: connections of this one end after the request in flight.</summary>
    public bool IsRetired => _retired;

    private volatile Generation? _successor;

    /// <summary>The plan in force, as far as this one knows: itself, or whoever came after it.</summary>
    public Generation Newest
    {
        get
        {
            var newest = this;
            while (newest._successor is { } next)
            {
                newest = next;
            }
            return newest;
        }
    }

    /// <summary>Another plan is in force: whom it refuses this one lets in no more. Loops still take it up.</summary>
    public bool IsReplaced => _successor is not null;

    public void ReplaceBy(Generation successor) => _successor = successor;

    /// <summary>One more connection is served by it.</summary>
    public void Acquire() => Interlocked.Increment(ref _users);

    /// <summary>The same from a thread that does not know whether it still is there.</summary>
    public bool TryAcquire()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }
    }

    /// <summary>When the last one has ended after <see cref="Retire"/>, everything made from the plan goes.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Tls.Dispose();
            KeyPairs.Dispose();
            Backends.Dispose();
            OnEnd?.Invoke();
        }
    }

    /// <summary>Called when the last connection that it served has ended; on that connection's loop.</summary>
    public Action? OnEnd { get; set; }

    public void Retire()
    {
        _retired = true;
        Release();
    }
}
