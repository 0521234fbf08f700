using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// One SSL on a non-blocking socket it does not own. Used by one thread at a time. Each step clears OpenSSL's error queue,
/// makes one call, and reads the queue once when that call failed.
/// </summary>
public sealed unsafe class TlsConnection : IDisposable
{
    private readonly ITlsServerEvents? _events;
    private readonly ITlsClientEvents? _clientEvents;
    private GCHandle _self;
    private nint _ssl;
    private bool _sessionTimeSet;
    private bool _bufferSet;
    private bool _broken;

    internal TlsKnownTicket Ticket;

    // Until when, in seconds since 1970, the client would be verified with the same result.
    private long _horizon = long.MaxValue;

    private TlsConnection(nint context, int socket, TlsServerContext? server, ITlsServerEvents? events, ITlsClientEvents? clientEvents)
    {
        ObjectDisposedException.ThrowIf(context == 0, typeof(TlsServerContext));
        _events = events;
        _clientEvents = clientEvents;
        SessionContext = server;
        NativeError.Clear();
        _ssl = NativeConnection.New(context);
        if (_ssl == 0)
        {
            throw TlsConfigurationException.FromQueue("SSL_new() failed");
        }
        NativeObjects.Add(NativeObject.Connection);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        if (NativeConnection.SetSocket(_ssl, socket) == 0 || NativeConnection.SetData(_ssl, TlsCallbacks.ConnectionIndex, GCHandle.ToIntPtr(_self)) == 0)
        {
            var failure = TlsConfigurationException.FromQueue("SSL_set_fd() failed");
            Dispose();
            throw failure;
        }
    }

    ~TlsConnection() => Release();

    /// <summary>errno of the last step that said <see cref="TlsStatus.SystemError"/>, or 0.</summary>
    public int SystemError { get; private set; }

    /// <summary>Set by the last step that said <see cref="TlsStatus.Failed"/>.</summary>
    public TlsError? Error { get; private set; }

    /// <summary>What the owner's callback threw; the handshake then failed with internal_error.</summary>
    public Exception? CallbackFailure { get; private set; }

    /// <summary>The context in use: the accepted one, or the one a server name switched to.</summary>
    public TlsServerContext? Context { get; private set; }

    /// <summary>What the server's certificate has to be for, or null.</summary>
    public string? VerifyName { get; private init; }

    /// <summary>The owner refused with unrecognized_name; nginx then logs "handshake rejected" and no OpenSSL error.</summary>
    public bool IsRejected { get; private set; }

    public bool IsHandshakeDone { get; private set; }

    /// <summary>Decrypted bytes that wait; no event of the socket will announce them.</summary>
    public int Pending => NativeConnection.Pending(Ssl);

    /// <summary>Bytes wait in OpenSSL's read-ahead buffer, perhaps not yet a whole record.</summary>
    public bool HasBuffered => NativeConnection.HasPending(Ssl) != 0;

    /// <summary>The first problems of the peer's chain, in the order OpenSSL found them; it keeps only the last as its result.</summary>
    public IReadOnlyList<TlsVerification> Verifications { get; private set; } = [];

    internal bool IsServerNameAccepted { get; private set; }

    /// <summary>Sessions and tickets stay with the context that accepted, whatever the server name switched to.</summary>
    internal TlsServerContext? SessionContext { get; }

    internal nint Ssl
    {
        get
        {
            ObjectDisposedException.ThrowIf(_ssl == 0, this);
            return _ssl;
        }
    }

    public static TlsConnection Accept(TlsServerContext context, int socket, ITlsServerEvents? events)
    {
        var connection = new TlsConnection(context.Handle, socket, context, events, null) { Context = context };
        NativeConnection.SetAccept(connection._ssl);
        _ = NativeConnection.SetOptions(connection._ssl, NativeContext.OptionNoRenegotiation);
        return connection;
    }

    /// <param name="serverName">SNI to send; null sends none (an address must not be one, RFC 6066).</param>
    /// <param name="verifyName">What MatchesVerifyName compares.</param>
    public static TlsConnection Connect(
        TlsClientContext context, int socket, string? serverName, string? verifyName, TlsSession? resume, ITlsClientEvents? events = null)
    {
        var connection = new TlsConnection(context.Handle, socket, null, null, events) { VerifyName = verifyName };
        var ssl = connection._ssl;
        NativeConnection.SetConnect(ssl);
        fixed (byte* name = serverName == null ? null : NativeText.Bytes(serverName))
        {
            if ((name != null && NativeConnection.Control(ssl, NativeConnection.CommandHostName, NativeConnection.NameTypeHost, name) == 0)
                || (resume != null && NativeConnection.SetSession(ssl, resume.Handle) == 0))
            {
                var failure = TlsConfigurationException.FromQueue(
                    $"{(resume == null ? $"SSL_set_tlsext_host_name(\"{serverName}\")" : "SSL_set_session()")} failed");
                connection.Dispose();
                throw failure;
            }
        }
        GC.KeepAlive(resume);
        GC.KeepAlive(context);
        return connection;
    }

    public TlsStatus Handshake()
    {
        var ssl = Ssl;
        NativeError.Clear();
        var result = NativeConnection.Handshake(ssl);
        var errno = Marshal.GetLastPInvokeError();
        GC.KeepAlive(this);
        if (result == 1)
        {
            IsHandshakeDone = true;
            if (SessionContext is { } server)
            {
                Ticket.Remember(ssl, server);
            }
            return TlsStatus.Done;
        }
        return Explain(result, errno, "SSL_do_handshake()");
    }

    /// <param name="count">Bytes read; more than 0 exactly when the answer is <see cref="TlsStatus.Done"/>.</param>
    public TlsStatus Read(Span<byte> buffer, out int count)
    {
        var ssl = Ssl;
        NativeError.Clear();
        int result, errno;
        fixed (byte* start = buffer)
        {
            result = NativeConnection.Read(ssl, start, buffer.Length);
            errno = Marshal.GetLastPInvokeError();
        }
        GC.KeepAlive(this);
        count = Math.Max(0, result);
        return result > 0 ? TlsStatus.Done : Explain(result, errno, "SSL_read()");
    }

    /// <param name="count">Bytes taken, perhaps fewer than given; more than 0 exactly when the answer is <see cref="TlsStatus.Done"/>.</param>
    public TlsStatus Write(ReadOnlySpan<byte> bytes, out int count)
    {
        var ssl = Ssl;
        if (bytes.IsEmpty)
        {
            count = 0;
            return TlsStatus.Done;
        }
        NativeError.Clear();
        int result, errno;
        fixed (byte* start = bytes)
        {
            result = NativeConnection.Write(ssl, start, bytes.Length);
            errno = Marshal.GetLastPInvokeError();
        }
        GC.KeepAlive(this);
        count = Math.Max(0, result);
        return result > 0 ? TlsStatus.Done : Explain(result, errno, "SSL_write()");
    }

    /// <summary>ngx_ssl_shutdown: sends close_notify unless the connection broke, and waits for the peer's when asked to.</summary>
    public TlsStatus ShutDown(bool waitForPeer = false)
    {
        var ssl = Ssl;
        // SSL_shutdown inside a handshake only adds an error.
        if (NativeConnection.InHandshake(ssl) != 0)
        {
            return TlsStatus.Done;
        }
        var state = (_broken || !waitForPeer ? NativeConnection.ReceivedShutdown : 0) | (_broken ? NativeConnection.SentShutdown : 0);
        NativeConnection.SetQuietShutdown(ssl, _broken ? 1 : 0);
        NativeConnection.SetShutdownState(ssl, NativeConnection.ShutdownState(ssl) | state);
        NativeError.Clear();
        var result = NativeConnection.ShutDown(ssl);
        // 0 means that close_notify is out; the second call waits for the peer's.
        result = result == 0 ? NativeConnection.ShutDown(ssl) : result;
        var errno = Marshal.GetLastPInvokeError();
        GC.KeepAlive(this);
        if (result == 1)
        {
            return TlsStatus.Done;
        }
        var status = Explain(result, errno, "SSL_shutdown()");
        return status is TlsStatus.Closed or TlsStatus.Ended or TlsStatus.SystemError ? TlsStatus.Done : status;
    }

    /// <summary>Serves under another context: its certificates, trust, verification and options, not its sessions.</summary>
    public void UseContext(TlsServerContext context)
    {
        var ssl = Ssl;
        var handle = context.Handle;
        ObjectDisposedException.ThrowIf(handle == 0, context);
        TlsContextSetup.Switch(ssl, handle);
        Context = context;
        GC.KeepAlive(context);
    }

    /// <summary>Takes the session of a refused client out of the cache it was put in, so that it is not resumed.</summary>
    public void ForgetSession() => SessionContext?.RemoveSession(this);

    /// <summary>
    /// Presents another certificate than the context's, for directives with variables: ngx_ssl_connection_certificate.
    /// To be called before the handshake, or on a server when <see cref="ITlsServerEvents.OnCertificate"/> asks.
    /// </summary>
    /// <param name="passwords">As nginx, null is the same as none here: at run time nobody is asked.</param>
    /// <param name="cache">Of this thread, or null to read the files each time.</param>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public void UseKeyPair(TlsKeyPair pair, IReadOnlyList<byte[]>? passwords, TlsCredentialCache? cache = null) =>
        TlsConnectionKeyPair.Use(Ssl, pair, passwords ?? [], cache);

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    internal ServerNameResult AskServerName(string? name)
    {
        // A second ClientHello, after HelloRetryRequest, was already decided.
        if (IsServerNameAccepted || _events == null)
        {
            IsServerNameAccepted = true;
            return ServerNameResult.Keep;
        }
        var answer = _events.OnServerName(this, name);
        if (answer.IsRefused)
        {
            IsRejected = answer.Alert == TlsAlert.UnrecognizedName;
        }
        else if (!answer.IsSuspended)
        {
            if (answer.Context != null)
            {
                UseContext(answer.Context);
            }
            IsServerNameAccepted = true;
        }
        return answer;
    }

    /// <summary>Whether the owner has set a certificate.</summary>
    internal bool AskCertificate() => !IsHandshakeDone && _events?.OnCertificate(this) == true;

    internal void ChooseSessions()
    {
        if (SessionContext is { Handle: not 0 } context)
        {
            TlsSessionChoice.Make(_ssl, context, this, ref Ticket);
        }
    }

    /// <summary>Binds a session to what this connection was verified under.</summary>
    internal bool Seal(nint session) => session != 0 && Context is { } context && TlsSessionSeal.Set(session, context.Trust, _horizon);

    /// <summary>Whether a client may go on under this session: only where it would be verified in the same way, and not for longer.</summary>
    internal bool MayResume(nint session) => Context is { } context
        && (context.Options.ResumesAcrossTrust || TlsSessionSeal.Holds(session, context.Trust, context.Time.GetUtcNow().ToUnixTimeSeconds()));

    /// <returns>As X509_verify_cert: 1 to go on, whatever the verdict.</returns>
    internal int VerifyChain(nint verification)
    {
        if (Context is not { Handle: not 0 } context)
        {
            return NativeX509.Verify(verification);
        }
        var verdict = TlsChainCheck.Run(context, verification, _events?.TracesVerification == true, out var result);
        Verifications = verdict.Problems;
        _horizon = verdict.Until;
        return result;
    }

    internal void HandOver(nint session)
    {
        if (_clientEvents != null)
        {
            _ = NativeSession.Keep(session);
            _clientEvents.OnSession(this, new TlsSession(session));
        }
    }

    internal void NoteFailure(Exception failure) => CallbackFailure ??= failure;

    internal void NoteVerification(bool isGood, nint verification)
    {
        if (_events is { TracesVerification: true })
        {
            TlsVerificationTrail.Tell(_events, isGood, verification);
        }
    }

    /// <summary>nginx's info callback, at each step of the server's handshake.</summary>
    internal void NoteProgress()
    {
        if (!_sessionTimeSet && SessionContext is { Handle: not 0 } context && NativeConnection.Version(_ssl) == NativeConnection.VersionTls13)
        {
            _sessionTimeSet = TlsSession.LimitLifetime(NativeConnection.Session(_ssl), context);
        }
        if (!_bufferSet)
        {
            _bufferSet = TlsContextSetup.EnlargeHandshakeBuffer(_ssl);
        }
    }

    private TlsStatus Explain(int result, int errno, string call)
    {
        var failure = TlsFailure.Of(_ssl, result, errno, call);
        if (failure.IsFinal)
        {
            SystemError = failure.SystemError;
            _broken |= failure.IsBroken;
            Error = failure.Error ?? Error;
        }
        return failure.Status;
    }

    private void Release()
    {
        if (_ssl == 0)
        {
            return;
        }
        _ = NativeConnection.SetData(_ssl, TlsCallbacks.ConnectionIndex, 0);
        // SSL_free takes an SSL that never said close_notify for a broken one and removes its session from the cache; nginx
        // marks both directions as closed in every case.
        NativeConnection.SetShutdownState(_ssl, NativeConnection.ReceivedShutdown | NativeConnection.SentShutdown);
        NativeConnection.Free(_ssl);
        Ticket.Release();
        _ssl = 0;
        if (_self.IsAllocated)
        {
            _self.Free();
        }
        NativeObjects.Remove(NativeObject.Connection);
    }
}
