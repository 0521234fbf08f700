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
    internal Passing(Loop loop)
    {
        Wake = new Readiness(loop);
        Write = new PendingWrite(Wake);
    }

    public Exchange Exchange { get; private set; } = null!;
    public ProxySettings Settings { get; private set; } = null!;
    public ProxyTarget Target { get; set; }
    public PeerSelection Peers { get; } = new();

    // The request.
    /// <summary>Head of the request as it goes to the backend.</summary>
    public Bytes Head { get; set; }
    /// <summary>The URI in it, for logs.</summary>
    public Bytes Uri { get; set; }
    /// <summary>proxy_set_body; null bytes without.</summary>
    public Bytes SetBody { get; set; }
    /// <summary>The client's body goes on as it comes (proxy_request_buffering off).</summary>
    public bool IsStreaming { get; set; }
    /// <summary>Streaming in chunks of our own.</summary>
    public bool SendsChunks => IsStreaming && Exchange.IsChunked;
    /// <summary>The request's method, as sent, is HEAD: no body comes back.</summary>
    public bool IsHead { get; set; }
    internal RequestSender Request { get; } = new();

    // The answer.
    public BackendResponse Response { get; } = new();
    internal BackendBody Body { get; } = new();
    internal RelayQueue Queue { get; } = new();
    /// <summary>To the client, while the backend is read on.</summary>
    internal PendingWrite Write { get; }

    // The backend being tried.
    public BackendConnection? Connection { get; set; }
    public UpstreamAttempt Attempt { get; set; } = null!;
    public long AttemptStarted { get; set; }
    /// <summary>The request has begun to go out: only an idempotent one may go to another backend.</summary>
    public bool IsRequestSent { get; set; }
    /// <summary>All of it has, so that the connection can be used again.</summary>
    public bool IsBodySent { get; set; }
    /// <summary>What the client is told when nobody answers.</summary>
    public int ClientStatus { get; set; }

    /// <summary>Wakes on events of the client's and of the backend's channel alike.</summary>
    internal Readiness Wake { get; }

    public Worker Worker => Exchange.Worker;
    public ConnectionLog Log => Exchange.Log;
    public Channel Client => Exchange.Client.Channel;
    public Channel Backend => Connection!.Channel;

    internal void Begin(Exchange exchange)
    {
        Exchange = exchange;
        Settings = exchange.Location.Proxy;
        Target = default;
        Head = Uri = SetBody = default;
        Write.Reset();
        Connection = null;
        IsStreaming = IsHead = IsRequestSent = IsBodySent = false;
        ClientStatus = 0;
        exchange.Upstream.Current = null;
    }

    internal void End()
    {
        Client.Observer = null;
        AbandonWrite();
        Request.Release(Worker);
        Queue.Release(Worker);
        Response.Release(Worker);
        Exchange = null!;
    }

    /// <summary>The client is gone and nobody asked to go on without it (proxy_ignore_client_abort). As nginx under epoll: a client that
    /// has closed its sending side counts as gone.</summary>
    public bool IsClientGone => Client.HasHungUp && !Settings.IgnoreClientAbort;

    /// <summary>What is still being written will never be taken by the client: its channel goes, and the write ends with it.</summary>
    internal void AbandonWrite()
    {
        if (Write.IsPending)
        {
            Client.Dispose();
        }
        _ = Write.Result;
    }

    /// <summary>The attempt is over for good: its times are known, its peer has done its part.</summary>
    public void Finish(bool keep)
    {
        Attempt.ResponseTime = Worker.Loop.Now - AttemptStarted;
        Peers.Free(PeerResult.Live);
        LetGo(keep);
    }

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
            Worker.Pools.Keep(Exchange.Generation, Target.State, connection, Worker.Loop.Now);
        }
        else
        {
            connection.Dispose();
        }
    }
}
