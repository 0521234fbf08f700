using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// One server's SSL_CTX, with a copy for each thread that accepts with it. Connections keep what they need of it, so it may be disposed while they live, but not while
/// another thread accepts with it. Their sessions then no longer reach the cache.
/// </summary>
public sealed partial class TlsServerContext : IDisposable
{
    private readonly TlsContextHandles _handles;
    private readonly TlsMaterial _material = new();
    private GCHandle _self;
    private byte[] _sessionIdContext = [];

    // By session id: the shared store, this context's own, or none.
    private TlsSessionCache? _sessions;
    private TlsSessionCache? _ownSessions;

    private TlsServerContext(TlsServerOptions options, nint handle)
    {
        Options = options;
        _handles = new TlsContextHandles(handle, options.Protocols, options.ConfCommands, FillCopy);
        Offer = new TlsOffer(this);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _ = NativeContext.SetData(handle, TlsCallbacks.ContextIndex, GCHandle.ToIntPtr(_self));
    }

    ~TlsServerContext() => Release();

    /// <summary>The caller's own, such as the server's plan.</summary>
    public object? Tag { get; set; }

    public TlsServerOptions Options { get; }

    /// <summary>What its clients are verified against.</summary>
    public TlsTrust Trust { get; private set; } = null!;

    /// <summary>SHA-256 in lower-case hexadecimal of the certificates whose subjects are named to clients; null where all of those trusted are.</summary>
    public IReadOnlySet<string>? NamedAuthorities { get; private set; }

    /// <summary>What the context is asked about; 0 when it is disposed.</summary>
    internal nint Handle => _handles.Original;

    /// <summary>The same for the connections of the calling thread.</summary>
    internal nint HandleHere => _handles.Here;

    /// <summary>What its clients are shown and asked.</summary>
    public TlsOffer Offer { get; }

    /// <summary>Tickets of TLS 1.3 name a session that stays here.</summary>
    internal bool KeepsTickets { get; private set; }

    internal TlsTicketKeys TicketKeys { get; private set; } = null!;

    internal TimeProvider Time => Options.Time;

    /// <summary>Steps in the order of nginx's ngx_http_ssl_merge_srv_conf, so the first error is nginx's first error.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsServerContext Create(TlsServerOptions options)
    {
        var context = new TlsServerContext(options, TlsContextSetup.Create(options.Protocols, options.ConfCommands));
        try
        {
            context.Fill(context.Handle, original: 0);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>ngx_ssl_remove_cached_session: a refused client must not come back by resuming.</summary>
    public void RemoveSession(TlsConnection connection)
    {
        var session = NativeConnection.Session(connection.Ssl);
        if (session != 0 && Handle != 0)
        {
            _ = NativeContext.RemoveSession(HandleHere, session);
        }
    }

    internal TlsSessionCache? StoreFor(bool isTls13) => isTls13 && KeepsTickets ? Options.TicketSessions : _sessions;

    internal void Forget(nint session)
    {
        _sessions?.Remove(session);
        Options.TicketSessions?.Remove(session);
    }

    /// <summary>
    /// Verifies the chain that a connected client once presented, against what is trusted here: for a reload, which may have revoked it.
    /// Of a resumed session only the leaf may be left.
    /// </summary>
    /// <returns>X509_V_ERR code; <see cref="TlsVerification.Ok"/> also without a certificate.</returns>
    public int Verify(TlsConnection connection)
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        var leaf = NativeConnection.PeerCertificate(connection.Ssl);
        return leaf == 0 ? TlsVerification.Ok : TlsChainCheck.Run(this, leaf, NativeConnection.PeerChain(connection.Ssl)).Error;
    }

    /// <summary>Verifies a chain that no connection presented, leaf first, as a handshake would.</summary>
    /// <returns>X509_V_ERR code.</returns>
    public int Verify(IReadOnlyList<Certificate> presented) => Examine(presented).Error;

    /// <summary>The same, with every error in libssl's order; none when the chain is verified.</summary>
    public IReadOnlyList<TlsVerification> Problems(IReadOnlyList<Certificate> presented)
    {
        var verdict = Examine(presented);
        return verdict.Error == TlsVerification.Ok ? [] : verdict.Problems is [] ? [new TlsVerification(verdict.Error, 0)] : verdict.Problems;
    }

    /// <summary>What clients are verified against.</summary>
    public TlsTrustSource HoldTrust()
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        return new TlsTrustSource(Handle);
    }

    /// <summary>What clients of this chain would get at another moment, or if no revocation lists were asked for. Nothing is remembered of it.</summary>
    /// <param name="presented">Leaf first.</param>
    /// <param name="moment">Null is now.</param>
    public TlsChainTrial Try(IReadOnlyList<Certificate> presented, DateTimeOffset? moment = null, bool ignoresCrls = false) =>
        WithStack(presented, untrusted => TlsChainCheck.Try(this, presented[0].Handle, untrusted, moment, ignoresCrls));

    internal ChainVerdict Examine(IReadOnlyList<Certificate> presented) =>
        WithStack(presented, untrusted => TlsChainCheck.Run(this, presented[0].Handle, untrusted));

    private T WithStack<T>(IReadOnlyList<Certificate> presented, Func<nint, T> run)
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        var untrusted = NativeCrypto.NewStack();
        try
        {
            foreach (var certificate in presented)
            {
                _ = NativeCrypto.Push(untrusted, certificate.Handle);
            }
            return run(untrusted);
        }
        finally
        {
            NativeCrypto.FreeStack(untrusted);
            GC.KeepAlive(presented);
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Handle == 0)
        {
            return;
        }
        // Connections keep the SSL_CTX alive; its callbacks must find nobody rather than a freed handle.
        _handles.Free(static handle => NativeContext.SetData(handle, TlsCallbacks.ContextIndex, 0));
        _self.Free();
        _material.Dispose();
        _ownSessions?.Dispose();
    }
}
