using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>How one step of passing a request on ended.</summary>
public enum PassResult
{
    Done,
    /// <summary>The backend failed: proxy_next_upstream error.</summary>
    Error,
    /// <summary>It took too long: proxy_next_upstream timeout.</summary>
    Timeout,
    /// <summary>What it sent is no HTTP: proxy_next_upstream invalid_header.</summary>
    InvalidHeader,
    /// <summary>The client is gone; nobody waits for an answer.</summary>
    ClientGone,
    /// <summary>A fault of our own: 500.</summary>
    Internal,
    /// <summary>The client's body is at fault; <see cref="Passing.ClientStatus"/> is the answer.</summary>
    ClientFault,
}

/// <summary>One request being passed on: everything its steps share. Rented from the worker like the exchange.</summary>
public sealed class Passing
{
    public Exchange Exchange { get; private set; } = null!;
    public ProxySettings Settings { get; private set; } = null!;
    public ProxyTarget Target { get; set; }
    public PeerSelection Peers { get; } = new();
    public BackendResponse Response { get; } = new();
    /// <summary>Head of the request as it goes to the backend.</summary>
    public Bytes Head { get; set; }
    /// <summary>The URI in it, for logs.</summary>
    public Bytes Uri { get; set; }
    /// <summary>proxy_set_body; null bytes without.</summary>
    public Bytes Body { get; set; }
    /// <summary>The client's body goes on as it comes (proxy_request_buffering off).</summary>
    public bool IsStreaming { get; set; }
    /// <summary>Streaming in chunks of our own.</summary>
    public bool SendsChunks { get; set; }
    /// <summary>The request's method, as sent, is HEAD: no body comes back.</summary>
    public bool IsHead { get; set; }

    /// <summary>Of the answer's body.</summary>
    internal ChunkedDecoder Chunks { get; } = new();
    /// <summary>Bytes of the answer's body still to come; -1 until the end of the connection.</summary>
    public long Left { get; set; }

    // The backend being tried.
    public BackendConnection? Connection { get; set; }
    public UpstreamAttempt Attempt { get; set; } = null!;
    /// <summary>Some of the request has gone out: only an idempotent one may go to another backend.</summary>
    public bool IsRequestSent { get; set; }
    /// <summary>All of it has, so that the connection can be used again.</summary>
    public bool IsBodySent { get; set; }
    /// <summary>The connection can serve another request.</summary>
    public bool KeepsConnection { get; set; }
    public int ClientStatus { get; set; }
    public long AttemptStarted { get; set; }

    /// <summary>Wakes on events of the client's and of the backend's channel alike.</summary>
    internal Readiness Wake { get; private set; } = null!;

    public Worker Worker => Exchange.Worker;
    public ConnectionLog Log => Exchange.Log;
    public Channel Client => Exchange.Client.Channel;
    public Channel Backend => Connection!.Channel;

    internal void Begin(Exchange exchange)
    {
        Exchange = exchange;
        Settings = exchange.Location.Proxy;
        Wake = new Readiness(exchange.Worker.Loop);
        Target = default;
        Head = Body = default;
        Connection = null;
        IsStreaming = SendsChunks = IsHead = IsRequestSent = IsBodySent = KeepsConnection = false;
        ClientStatus = 0;
    }

    internal void End()
    {
        Client.Observer = null;
        Response.Release(Worker);
        Exchange.Upstream.Current = null;
    }

    /// <summary>The client is gone and nobody asked to go on without it (proxy_ignore_client_abort).</summary>
    public bool IsClientGone => Client.HasHungUp && !Settings.IgnoreClientAbort;

    /// <summary>Lets the backend go: back to the pool when everything went well, otherwise for good.</summary>
    public void LetGo(bool keep)
    {
        if (Connection is not { } connection)
        {
            return;
        }
        Connection = null;
        connection.Channel.Observer = null;
        if (keep)
        {
            Worker.Pools.Of(Exchange.Generation, Target.State).Keep(connection, Worker.Loop.Now);
        }
        else
        {
            connection.Dispose();
        }
    }
}
