using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>
/// One server's SSL_CTX. Connections keep what they need of it, so it may be disposed while they live, but not while
/// another thread accepts with it. Their sessions then no longer reach the cache.
/// </summary>
public sealed unsafe class TlsServerContext : IDisposable
{
    private const int DefaultBuiltinSize = 20480;
    private const int BuiltinSessionSize = 2048;

    private GCHandle _self;

    // By session id: the shared store, this context's own, or none.
    private TlsSessionCache? _sessions;
    private TlsSessionCache? _ownSessions;

    private TlsServerContext(TlsServerOptions options, nint handle)
    {
        Options = options;
        Handle = handle;
        Offer = new TlsOffer(this);
        NativeObjects.Add(NativeObject.Context);
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

    internal nint Handle { get; private set; }

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
            context.Fill();
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
            _ = NativeContext.RemoveSession(Handle, session);
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

    private void Fill()
    {
        var context = Handle;
        NativeContext.SetInformation(context, TlsCallbacks.Information);
        NativeContext.SetMessages(context, TlsMessages.Callback);
        NativeContext.SetClientHello(context, TlsCallbacks.ClientHello, 0);
        _ = NativeContext.ControlCallback(context, NativeContext.CommandServerNameCallback, TlsCallbacks.ServerName);
        NativeContext.SetApplicationProtocol(context, TlsCallbacks.ApplicationProtocol, 0);
        TlsContextSetup.Ciphers(context, Options.Ciphers, Options.PreferServerCiphers);
        var certificates = new List<byte[]>();
        foreach (var pair in Options.Certificates)
        {
            TlsContextSetup.KeyPair(context, pair, Options.Passwords, certificates);
        }
        if (Options.VariableCertificates.Count > 0)
        {
            NativeContext.SetCertificateCallback(context, TlsCallbacks.Certificate, 0);
            certificates.AddRange(Options.VariableCertificates.Select(name => System.Text.Encoding.UTF8.GetBytes(name)));
        }
        if (Options.VerifyMode != TlsVerifyMode.Off)
        {
            if (Options.VerifyMode != TlsVerifyMode.OptionalNoCa
                && string.IsNullOrEmpty(Options.ClientCertificate) && string.IsNullOrEmpty(Options.TrustedCertificate))
            {
                throw new TlsConfigurationException("no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client");
            }
            TlsContextSetup.ClientCertificate(context, Options.ClientCertificate, Options.VerifyDepth);
        }
        NamedAuthorities = string.IsNullOrEmpty(Options.TrustedCertificate) ? null : TlsContextSetup.TrustedSoFar(context);
        TlsContextSetup.TrustedCertificate(context, Options.TrustedCertificate, Options.VerifyDepth);
        TlsContextSetup.Crl(context, Options.Crl);
        if (Options.OcspFault is { } fault)
        {
            throw new TlsConfigurationException(fault);
        }
        TlsContextSetup.DhParam(context, Options.DhParam);
        TlsContextSetup.Groups(context, Options.Groups);
        SetSessions(context, certificates);
        TlsConfCommands.Apply(context, Options.ConfCommands, Options.ConfigurationFolder);
        NativeContext.SetChainVerification(context, TlsCallbacks.VerifyChain, 0);
        Trust = TlsTrust.Of(context, Options);
    }

    // ngx_ssl_session_cache. OpenSSL's own store is never used: what it finds it resumes, whatever was trusted since.
    private void SetSessions(nint context, List<byte[]> certificates)
    {
        _ = NativeContext.SetTimeout(context, (nint)Options.SessionTimeout.TotalSeconds);
        SetSessionIdContext(context, certificates);
        var mode = Options.SessionCacheMode;
        SetCacheMode(context, (mode & TlsSessionCacheMode.Off) != 0 ? NativeContext.CacheOff : NativeContext.CacheServer | NativeContext.CacheNoInternal);
        NativeContext.SetNewSession(context, TlsSessionCallbacks.NewSession);
        NativeContext.SetGetSession(context, TlsSessionCallbacks.GetSession);
        NativeContext.SetRemoveSession(context, TlsSessionCallbacks.RemoveSession);
        _ = NativeContext.SetTicketCallbacks(context, TlsSessionCallbacks.NewTicket, TlsSessionCallbacks.OpenedTicket, 0);
        _ = NativeContext.SetTickets(context, 1);
        if ((mode & TlsSessionCacheMode.Shared) != 0)
        {
            _sessions = Options.SessionCache;
        }
        else if ((mode & TlsSessionCacheMode.Builtin) != 0)
        {
            var count = Options.BuiltinCacheSize == 0 ? DefaultBuiltinSize : Options.BuiltinCacheSize;
            _sessions = _ownSessions = new TlsSessionCache("builtin", (long)count * BuiltinSessionSize, Time, count);
        }
        if (!Options.SessionTickets)
        {
            _ = NativeContext.SetOptions(context, NativeContext.OptionNoTicket);
        }
        byte[][] keys = [.. Options.TicketKeys];
        SetTicketKeys(context, mode, keys);
        KeepsTickets = Options.SessionTickets && keys.Length == 0 && (mode & TlsSessionCacheMode.Off) == 0 && Options.TicketSessions is not null;
    }

    // Without files a shared cache also shares ticket keys, and else each context has its own.
    private void SetTicketKeys(nint context, TlsSessionCacheMode mode, byte[][] keys)
    {
        if (Array.Exists(keys, bytes => bytes.Length is not (48 or 80)))
        {
            throw new TlsConfigurationException("a session ticket key must be 48 or 80 bytes");
        }
        TicketKeys = keys.Length > 0 ? new TlsTicketKeys(keys)
            : (mode & TlsSessionCacheMode.Shared) != 0 && Options.SessionCache is { } shared ? shared.TicketKeys
            : new TlsTicketKeys(Time);
        _ = NativeContext.SetTicketKey(context, TlsSessionCallbacks.TicketKey);
    }

    // ngx_ssl_session_id_context: a session made under another certificate or other trusted CAs must not come back here.
    private void SetSessionIdContext(nint context, List<byte[]> certificates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Options.SessionIdContext.Span);
        foreach (var certificate in certificates)
        {
            hash.AppendData(certificate);
        }
        var names = NativeContext.ClientAuthorities(context);
        var digest = stackalloc byte[NativeX509.MaximumDigest];
        for (var i = 0; i < NativeCrypto.Count(names); i++)
        {
            uint length;
            if (NativeX509.DigestName(NativeCrypto.Item(names, i), NativeCrypto.Sha1(), digest, &length) == 0)
            {
                throw TlsConfigurationException.FromQueue("X509_NAME_digest() failed");
            }
            hash.AppendData(new ReadOnlySpan<byte>(digest, (int)length));
        }
        var id = hash.GetHashAndReset();
        fixed (byte* bytes = id)
        {
            if (NativeContext.SetSessionIdContext(context, bytes, (uint)id.Length) == 0)
            {
                throw TlsConfigurationException.FromQueue("SSL_CTX_set_session_id_context() failed");
            }
        }
    }

    private static void SetCacheMode(nint context, nint mode) =>
        _ = NativeContext.Control(context, NativeContext.CommandSessionCacheMode, mode, null);

    private void Release()
    {
        if (Handle == 0)
        {
            return;
        }
        // Connections keep the SSL_CTX alive; its callbacks must find nobody rather than a freed handle.
        _ = NativeContext.SetData(Handle, TlsCallbacks.ContextIndex, 0);
        NativeContext.Free(Handle);
        Handle = 0;
        _self.Free();
        _ownSessions?.Dispose();
        NativeObjects.Remove(NativeObject.Context);
    }
}
