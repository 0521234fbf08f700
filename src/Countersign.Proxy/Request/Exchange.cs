using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;

namespace Countersign.Proxy.Request;

/// <summary>What the client's Connection header asks.</summary>
public enum ConnectionType { Default, Close, KeepAlive }

/// <summary>
/// One request and its answer: nginx's <c>ngx_http_request_t</c>. Rented while a request lives and reused for the next; every
/// <see cref="Bytes"/> in it ends with <see cref="Release"/>.
/// </summary>
public sealed class Exchange
{
    private VariableSlot[] _slots = [];

    // Who asks, and under which plan.
    public Client Client { get; private set; } = null!;
    public Worker Worker => Client.Worker;
    public Generation Generation => Client.Generation;
    public ConnectionLog Log => Client.Log;
    public ClientVerdict Identity { get; private set; } = null!;
    /// <summary>Loop milliseconds at the first byte; <see cref="StartedAt"/> is the same moment on the clock.</summary>
    public long Started { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }

    public Arena Arena { get; } = new();
    /// <summary>Bytes received and not yet used; its buffers hold what the head's <see cref="Bytes"/> point into.</summary>
    public ClientInput Input { get; } = new();
    public HeadReader Head { get; } = new();

    // The head as it came.
    public Method Method { get; set; }
    public Bytes MethodName { get; set; }
    /// <summary>$request: the line without its end; empty before it has been read.</summary>
    public Bytes RequestLine { get; set; }
    /// <summary>9, 1000 or 1001.</summary>
    public int Version { get; set; }
    /// <summary>$server_protocol.</summary>
    public Bytes Protocol { get; set; }
    /// <summary>$request_uri: as it came, arguments included.</summary>
    public Bytes UnparsedUri { get; set; }
    public HeaderList Headers { get; } = new();
    /// <summary>The Host line as it came; null bytes without one.</summary>
    public Bytes HostHeader { get; set; }
    /// <summary>Host in lower case, validated, without port, from the request line or the header; empty without.</summary>
    public Bytes Host { get; set; }
    /// <summary>The port that came with it; 0 without.</summary>
    public int HostPort { get; set; }
    public ConnectionType ConnectionType { get; set; }
    /// <summary>-1 without Content-Length.</summary>
    public long ContentLength { get; set; }
    public bool IsChunked { get; set; }
    public bool ExpectsContinue { get; set; }
    /// <summary>It came right behind the request before it ($pipe).</summary>
    public bool IsPipelined { get; set; }
    /// <summary>Variables being worked out one inside the other: a cycle is caught by it.</summary>
    public int VariableDepth { get; set; }
    /// <summary>Bytes of head and body read so far: $request_length.</summary>
    public long RequestLength { get; set; }
    public RequestBody Body { get; } = new();

    // Where it goes; rewritten on the way.
    /// <summary>$uri: decoded, normalised path.</summary>
    public Bytes Uri { get; set; }
    /// <summary>$args, without the question mark.</summary>
    public Bytes Arguments { get; set; }
    /// <summary>The URI is still the client's own, so a proxy_pass without URI may send <see cref="UnparsedUri"/>.</summary>
    public bool IsUriUntouched { get; set; }
    public ServerPlan Server { get; set; } = null!;
    /// <summary>In force: the server's own <see cref="ServerPlan.Root"/> until one is found.</summary>
    public LocationPlan Location { get; set; } = null!;
    /// <summary>A backend is to answer: what <see cref="Location"/> says of it, unless that says nothing (a mistake that nginx finds as late).</summary>
    public bool HasProxyHandler { get; set; }
    /// <summary>Left of nginx's ten internal redirections.</summary>
    public int UriChangesLeft { get; set; }
    /// <summary>$1 to $9: of the last regular expression that matched.</summary>
    public Match? Captures { get; set; }
    /// <summary>Internal redirect: <c>internal</c> locations may answer.</summary>
    public bool IsInternal { get; set; }
    /// <summary>An error_page is being answered: another error is not caught again, unless recursive_error_pages.</summary>
    public bool IsErrorPage { get; set; }
    /// <summary>False once <c>rewrite ... break</c> has changed the URI inside its location: the location's prefix says nothing
    /// about the URI any more, so it is neither cut off for an alias nor replaced by proxy_pass.</summary>
    public bool IsLocationValid { get; set; }
    /// <summary>try_files has put a path under an alias that is the whole file name.</summary>
    public bool AddsUriToAlias { get; set; }
    /// <summary>The body is thrown away unread: nobody may pass it on, and its length does not count any more.</summary>
    public bool IsBodyDiscarded { get; set; }
    /// <summary>nginx's err_status: overrides the answer's own status; 0 for none.</summary>
    public int ErrorStatus { get; set; }
    /// <summary>$limit_rate and the like are not kept here. $request_completion: OK once the whole answer was sent.</summary>
    public bool IsComplete { get; set; }

    // The answer.
    public ResponseHead Response { get; } = new();
    public ResponseWriter Writer { get; } = new();
    public UpstreamRecord Upstream { get; } = new();
    /// <summary>The connection may serve another request; anybody may clear it, nobody sets it after the head.</summary>
    public bool KeepAlive { get; set; }
    /// <summary>After the answer the client may still be sending: read on for a while before closing, so that the answer is not lost to a reset.</summary>
    public bool LingeringClose { get; set; }
    /// <summary>444 and aborts: the connection closes without another byte. Only ever set.</summary>
    public bool IsAborted { get; set; }
    /// <summary>The connection has become a tunnel (101): no framing any more.</summary>
    public bool IsUpgraded { get; set; }

    /// <summary>A slot for every variable of the plan.</summary>
    public ref VariableSlot Slot(int variable) => ref _slots[variable];

    public void Begin(Client client, ClientVerdict identity)
    {
        Client = client;
        Identity = identity;
        Server = client.Server;
        Location = Server.Root;
        Started = client.Worker.Loop.Now;
        StartedAt = client.Worker.Time.GetUtcNow();
        Method = Method.Unknown;
        MethodName = RequestLine = Protocol = UnparsedUri = HostHeader = Host = Uri = Arguments = default;
        // As nginx: what could not be read is answered with a head.
        Version = 1000;
        ContentLength = -1;
        RequestLength = 0;
        HostPort = VariableDepth = 0;
        ConnectionType = ConnectionType.Default;
        LingeringClose = IsChunked = ExpectsContinue = IsInternal = IsErrorPage = IsComplete = IsAborted = IsUpgraded = KeepAlive = false;
        AddsUriToAlias = IsBodyDiscarded = HasProxyHandler = false;
        IsUriUntouched = IsLocationValid = true;
        UriChangesLeft = 11;
        ErrorStatus = 0;
        Captures = null;
        Headers.Clear();
        Response.Reset();
        Upstream.Reset();
        var variables = client.Generation.Http.Variables.Names.Count;
        if (_slots.Length < variables)
        {
            _slots = new VariableSlot[variables];
        }
        _slots.AsSpan().Clear();
        Body.Begin(this);
        Writer.Begin(this);
    }

    /// <summary>No answer is possible: the connection closes, and <paramref name="status"/> is what the log shows.</summary>
    public void GiveUp(int status)
    {
        IsAborted = true;
        KeepAlive = false;
        if (Response.Status == 0 || Writer.BytesSent == 0)
        {
            Response.Status = status;
        }
    }

    /// <summary>Lets go of everything that belongs to the client.</summary>
    internal void Release(Worker worker)
    {
        Body.Release(worker);
        Writer.Release(worker);
        Arena.Reset();
        Client = null!;
        Identity = null!;
        Captures = null;
    }
}

/// <summary>The value of a variable for one request, once worked out or assigned.</summary>
public struct VariableSlot
{
    public Bytes Value;
    /// <summary>Worked out or assigned; a null <see cref="Value"/> then means <c>not found</c>.</summary>
    public bool IsSet;
}
