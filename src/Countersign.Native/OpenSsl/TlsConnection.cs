using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// One SSL on a non-blocking socket it does not own. Used by one thread at a time. Each step clears OpenSSL's error queue,
/// makes one call, and reads the queue once when that call failed.
/// </summary>
public sealed unsafe class TlsConnection : IDisposable
{
    private readonly ITlsClientEvents? _clientEvents;
    private GCHandle _self;
    private nint _ssl;
    private bool _broken;
    private bool _isEmpty;

    private TlsConnection(nint context, int socket, TlsServerContext? server, ITlsServerEvents? events, ITlsClientEvents? clientEvents)
    {
        ObjectDisposedException.ThrowIf(context == 0, typeof(TlsServerContext));
        _clientEvents = clientEvents;
        NativeError.Clear();
        _ssl = NativeConnection.New(context);
        if (_ssl == 0)
        {
            throw TlsConfigurationException.FromQueue("SSL_new() failed");
        }
        NativeObjects.Add(NativeObject.Connection);
        Server = server == null ? null : new TlsServerSide(this, _ssl, server, events);
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
    public TlsServerContext? Context => Server?.Context;

    /// <summary>What the server's certificate has to be for, or null.</summary>
    public string? VerifyName { get; private init; }

    /// <summary>The owner refused with unrecognized_name; nginx then logs "handshake rejected" and no OpenSSL error.</summary>
    public bool IsRejected => Server?.IsRejected == true;

    public bool IsHandshakeDone { get; private set; }

    /// <summary>Decrypted bytes that wait; no event of the socket will announce them.</summary>
    public int Pending => NativeConnection.Pending(Ssl);

    /// <summary>Bytes wait in OpenSSL's read-ahead buffer, perhaps not yet a whole record.</summary>
    public bool HasBuffered => NativeConnection.HasPending(Ssl) != 0;

    /// <summary>
    /// The last read has given out all that the socket had: OpenSSL's buffer was empty before it and is now, and less came than there was room
    /// for. Until an event says otherwise another one would only be told EAGAIN.
    /// </summary>
    public bool HasDrained { get; private set; }

    /// <summary>TLS 1.3, and this side's flight is out: after the client's there are only tickets to be sent.</summary>
    public bool AwaitsLastFlight => Server is not null && !IsHandshakeDone
        && NativeConnection.Version(Ssl) == NativeConnection.VersionTls13 && NativeConnection.Finished(Ssl, null, 0) > 0;

    /// <summary>The first problems of the peer's chain, in the order OpenSSL found them; it keeps only the last as its result.</summary>
    public IReadOnlyList<TlsVerification> Verifications => Server?.Verifications ?? [];

    /// <summary>What was said in the handshake and about it; null unless <see cref="KeepConversation"/> asked for it.</summary>
    public TlsConversation? Conversation { get; private set; }

    /// <summary>Who is asked in the handshake; null on a client.</summary>
    public ITlsServerEvents? ServerEvents => Server?.Events;

    /// <summary>Null on a client.</summary>
    internal TlsServerSide? Server { get; }

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
        var connection = new TlsConnection(context.HandleHere, socket, context, events, null);
        NativeConnection.SetAccept(connection._ssl);
        _ = NativeConnection.SetOptions(connection._ssl, NativeContext.OptionNoRenegotiation);
        return connection;
    }

    /// <param name="serverName">SNI to send; null sends none (an address must not be one, RFC 6066).</param>
    /// <param name="verifyName">What MatchesVerifyName compares.</param>
    public static TlsConnection Connect(
        TlsClientContext context, int socket, string? serverName, string? verifyName, TlsSession? resume, ITlsClientEvents? events = null)
    {
        var connection = new TlsConnection(context.HandleHere, socket, null, null, events) { VerifyName = verifyName };
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

    /// <summary>To be called before the handshake.</summary>
    public TlsConversation KeepConversation()
    {
        NativeConnection.SetMessages(Ssl, TlsCallbacks.Conversation);
        return Conversation ??= new TlsConversation();
    }

    /// <summary>On a client, before the handshake: a TLS 1.3 server may ask for the certificate later (RFC 8446 section 4.6.2).</summary>
    public void AllowLateRequest() => NativeConnection.SetPostHandshakeAuthentication(Ssl, 1);

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
            Server?.ShareIssuers();
            Server?.RememberTicket();
            Server?.HearNoMore();
            return TlsStatus.Done;
        }
        return Explain(result, errno, "SSL_do_handshake()");
    }

    /// <param name="count">Bytes read; more than 0 exactly when the answer is <see cref="TlsStatus.Done"/>.</param>
    public TlsStatus Read(Span<byte> buffer, out int count)
    {
        var ssl = Ssl;
        NativeError.Clear();
        var before = NativeBio.NumberRead(NativeConnection.ReadBio(ssl));
        int result, errno;
        fixed (byte* start = buffer)
        {
            result = NativeConnection.Read(ssl, start, buffer.Length);
            errno = Marshal.GetLastPInvokeError();
        }
        GC.KeepAlive(this);
        count = Math.Max(0, result);
        NoteRead(ssl, before);
        return result > 0 ? TlsStatus.Done : Explain(result, errno, "SSL_read()");
    }

    private void NoteRead(nint ssl, ulong before)
    {
        // With an empty buffer OpenSSL asks for a whole record and more: at least for this many bytes.
        const ulong Room = 8 * 1024;
        var wasEmpty = _isEmpty;
        _isEmpty = NativeConnection.HasPending(ssl) == 0;
        HasDrained = wasEmpty && _isEmpty && NativeBio.NumberRead(NativeConnection.ReadBio(ssl)) - before is > 0 and < Room;
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
        var handle = context.HandleHere;
        ObjectDisposedException.ThrowIf(handle == 0, context);
        TlsContextSetup.Switch(ssl, handle);
        Server!.Context = context;
        GC.KeepAlive(context);
    }

    /// <summary>Takes the session of a refused client out of the cache it was put in, so that it is not resumed.</summary>
    public void ForgetSession() => Server?.Sessions.RemoveSession(this);

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

    internal void HandOver(nint session)
    {
        if (_clientEvents != null)
        {
            _ = NativeSession.Keep(session);
            _clientEvents.OnSession(this, new TlsSession(session));
        }
    }

    internal void NoteFailure(Exception failure) => CallbackFailure ??= failure;

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
        Server?.Release();
        _ssl = 0;
        if (_self.IsAllocated)
        {
            _self.Free();
        }
        NativeObjects.Remove(NativeObject.Connection);
    }
}
