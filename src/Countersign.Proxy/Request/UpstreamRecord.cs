namespace Countersign.Proxy.Request;

/// <summary>What a request has had to do with backends: source of the <c>$upstream_</c> and <c>$proxy_</c> variables.</summary>
public sealed class UpstreamRecord
{
    private readonly List<UpstreamAttempt> _attempts = [];
    private int _count;
    private bool _hasBegun;

    /// <summary>One for each backend tried, over all internal redirects; <see cref="UpstreamAttempt.IsSeparator"/> stands between two proxy_pass.</summary>
    public ReadOnlySpan<UpstreamAttempt> Attempts => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_attempts)[.._count];

    /// <summary>The one being tried or answered from, for logs; null when there is none.</summary>
    public UpstreamAttempt? Current { get; set; }

    /// <summary>The backend's header lines as they came ($upstream_http_..., $upstream_cookie_...).</summary>
    public HeaderList Headers { get; } = new();

    public HeaderList Trailers { get; } = new();

    /// <summary>$proxy_host and $proxy_port of the last proxy_pass; null bytes before one.</summary>
    public Bytes ProxyHost { get; set; }
    public Bytes ProxyPort { get; set; }
    /// <summary>$proxy_internal_body_length: length of what goes to the backend, or -1 for chunked.</summary>
    public long InternalBodyLength { get; set; }

    /// <summary>A proxy_pass begins. As nginx, all but the request's first leave an entry of their own, whether or not a backend is reached.</summary>
    public void BeginPass()
    {
        if (_hasBegun)
        {
            var separator = Add();
            separator.ConnectTime = separator.HeaderTime = separator.ResponseTime = 0;
            separator.IsSeparator = true;
        }
        _hasBegun = true;
        Current = null;
    }

    public UpstreamAttempt Add()
    {
        if (_count == _attempts.Count)
        {
            _attempts.Add(new UpstreamAttempt());
        }
        var attempt = _attempts[_count++];
        attempt.Reset();
        Current = attempt;
        return attempt;
    }

    /// <summary>The request goes elsewhere: its proxy_pass is no longer in force, as nginx forgets what its modules knew; what came of it stays.</summary>
    public void ForgetPass()
    {
        ProxyHost = ProxyPort = default;
        InternalBodyLength = 0;
    }

    public void Reset()
    {
        _count = 0;
        _hasBegun = false;
        Current = null;
        Headers.Clear();
        Trailers.Clear();
        ForgetPass();
    }
}

/// <summary>One backend tried.</summary>
public sealed class UpstreamAttempt
{
    /// <summary>$upstream_addr: the peer's address, or the upstream's name when no peer was live.</summary>
    public string Peer { get; set; } = "";
    public bool IsTls { get; set; }
    /// <summary>As the backend was asked for it.</summary>
    public Bytes Uri { get; set; }
    /// <summary>For the error log: <c>http://127.0.0.1:8081/uri</c>.</summary>
    public string LogUrl =>
        $"{(IsTls ? "https://" : "http://")}{Peer}{(Peer.StartsWith("unix:", StringComparison.Ordinal) ? ":" : "")}{Uri}";
    /// <summary>$upstream_status; 0 for none.</summary>
    public int Status { get; set; }
    /// <summary>Milliseconds, or -1 where it did not come so far.</summary>
    public long ConnectTime { get; set; }
    public long HeaderTime { get; set; }
    public long ResponseTime { get; set; }
    public long ResponseLength { get; set; }
    public long BytesReceived { get; set; }
    public long BytesSent { get; set; }
    /// <summary>No backend, but the place where another proxy_pass begins.</summary>
    public bool IsSeparator { get; set; }

    public void Reset()
    {
        Peer = "";
        IsTls = false;
        Uri = default;
        Status = 0;
        ConnectTime = HeaderTime = ResponseTime = -1;
        ResponseLength = BytesReceived = BytesSent = 0;
        IsSeparator = false;
    }
}
