using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests;

/// <summary>One client on a loop of its own, its socket's other end in the test's hand, and the error log in a list.</summary>
internal sealed class OneClient : IErrorLog, IDisposable
{
    private readonly Loop _loop;
    private readonly Thread _thread;
    private readonly List<string> _log = [];
    private Exception? _fault;

    /// <param name="time">Of the worker; the loop itself goes by the system's clock.</param>
    public OneClient(string http = "", TimeProvider? time = null, System.Net.IPAddress? from = null)
    {
        var plan = Load(http);
        _loop = new Loop(0, TimeProvider.System, fault => _fault = fault);
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        Channel.Open(_loop, first, out var ours).ShouldBe(0);
        Channel.Open(_loop, second, out var theirs).ShouldBe(0);
        Peer = theirs!;
        LogPaths.OpenAll(plan, new LogSet(Logs));
        var listen = plan.Http!.Listens[0];
        var address = listen.Addresses[0];
        var generation = new Generation
        {
            Plan = plan,
            Http = plan.Http,
            Tls = new ServerContexts(plan.Http, "/", TimeProvider.System),
            KeyPairs = new Countersign.Proxy.Route.KeyPairs("/", TimeProvider.System),
            Backends = new Countersign.Proxy.Upstream.Backends(plan.Http, "/", loops: 2),
            ErrorLog = this,
            AccessLog = new AccessLog(plan.Http, Logs),
            Number = 1,
        };
        Client = new Client
        {
            Worker = new Worker(_loop, time ?? TimeProvider.System) { Generation = generation },
            Generation = generation,
            Channel = ours!,
            Number = 7,
            Peer = SocketAddress.FromIP(from ?? System.Net.IPAddress.Loopback, 5000),
            Listen = listen,
            Address = address,
            Log = new ConnectionLog(this, 7, address.DefaultServer.Root.Core.ErrorLogs) { ClientText = "127.0.0.1"u8.ToArray(), Listen = listen.Text },
            Started = 0,
            PeerText = "127.0.0.1"u8.ToArray(),
            Server = address.DefaultServer,
        };
        _thread = new Thread(_loop.Run);
        _thread.Start();
    }

    /// <summary>A plan with a plain server beside what is given.</summary>
    public static Plan Load(string http)
    {
        var text = $"error_log stderr debug; events {{}} http {{ {(http.Contains("access_log", StringComparison.Ordinal) ? "" : "access_log off;")} {http} server {{ listen 127.0.0.1:8080; server_name one; }} }}";
        var loaded = ConfigurationLoader.Load(new LoadOptions
        {
            File = "/nginx.conf",
            Prefix = "/nowhere/",
            DefaultErrorLog = "stderr",
            DefaultPidFile = "/nowhere/pid",
            ReadFile = _ => Encoding.Latin1.GetBytes(text),
        });
        return loaded.Plan ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems.Select(problem => problem.Text)));
    }

    public Client Client { get; }

    /// <summary>Of the plan; without an access_log in it there is none.</summary>
    public LogFiles Logs { get; } = new();

    /// <summary>The client's own end.</summary>
    public Channel Peer { get; }

    public IReadOnlyList<string> Log => _log;

    public Exchange Begin()
    {
        var exchange = Client.Worker.RentExchange();
        exchange.Input.Begin(Client.Worker, Client.Channel, Client.Server.Settings.ClientHeaderBufferSize);
        exchange.Begin(Client, ClientCheck.Identify(Client));
        Client.Log.Exchange = exchange;
        return exchange;
    }

    /// <summary>Runs it on the loop to its end.</summary>
    public void Run(Func<Task> work)
    {
        using var done = new ManualResetEventSlim();
        Exception? fault = null;
        _loop.Post(async () =>
        {
            try
            {
                await work();
            }
            catch (Exception caught)
            {
                fault = caught;
            }
            done.Set();
        });
        done.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue("it never ended");
        if ((fault ?? _fault) is { } failed)
        {
            throw new InvalidOperationException("on the loop", failed);
        }
    }

    /// <summary>Sends a head in pieces of <paramref name="piece"/> bytes and reads it.</summary>
    public (int Status, Exchange Exchange) ReadHead(string head, int piece = int.MaxValue)
    {
        var exchange = Begin();
        var status = 0;
        var bytes = Encoding.Latin1.GetBytes(head);
        Run(async () =>
        {
            var reading = exchange.Head.ReadAsync(exchange).AsTask();
            for (var at = 0; at < bytes.Length && !reading.IsCompleted; at += piece)
            {
                (await Peer.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)), -1)).ShouldBe(0);
                if (piece < bytes.Length)
                {
                    await new Readiness(_loop).Within(0);
                }
            }
            status = await reading;
        });
        return (status, exchange);
    }

    void IErrorLog.Write(IReadOnlyList<ErrorLogTarget> targets, LogLevel level, string text) => _log.Add($"[{level.ToString().ToLowerInvariant()}] {text}");

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
        Client.Channel.Dispose();
        Peer.Dispose();
        _loop.Dispose();
        Logs.Dispose();
    }
}
