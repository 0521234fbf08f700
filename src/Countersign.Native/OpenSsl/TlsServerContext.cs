using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>
/// One server's SSL_CTX. Connections keep what they need of it, so it may be disposed while they live, but not while
/// another thread accepts with it. Their sessions then no longer reach the cache.
/// </summary>
public sealed unsafe class TlsServerContext : IDisposable
{
    private GCHandle _self;

    private TlsServerContext(TlsServerOptions options, nint handle)
    {
        Options = options;
        Handle = handle;
        NativeObjects.Add(NativeObject.Context);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _ = NativeContext.SetData(handle, TlsCallbacks.ContextIndex, GCHandle.ToIntPtr(_self));
    }

    ~TlsServerContext() => Release();

    /// <summary>The caller's own, such as the server's plan.</summary>
    public object? Tag { get; set; }

    public TlsServerOptions Options { get; }

    internal nint Handle { get; private set; }

    internal TlsTicketKeys? TicketKeys { get; private set; }

    internal TimeProvider Time => Options.Time;

    /// <summary>Steps in the order of nginx's ngx_http_ssl_merge_srv_conf, so the first error is nginx's first error.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsServerContext Create(TlsServerOptions options)
    {
        var context = new TlsServerContext(options, TlsContextSetup.Create(options.Protocols));
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
            Options.SessionCache?.Remove(session);
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
        NativeContext.SetClientHello(context, TlsCallbacks.ClientHello, 0);
        _ = NativeContext.ControlCallback(context, NativeContext.CommandServerNameCallback, TlsCallbacks.ServerName);
        NativeContext.SetApplicationProtocol(context, TlsCallbacks.ApplicationProtocol, 0);
        TlsContextSetup.Ciphers(context, Options.Ciphers, Options.PreferServerCiphers);
        var certificates = new List<byte[]>();
        foreach (var pair in Options.Certificates)
        {
            TlsContextSetup.KeyPair(context, pair, Options.Passwords, certificates);
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
        TlsContextSetup.TrustedCertificate(context, Options.TrustedCertificate, Options.VerifyDepth);
        TlsContextSetup.Crl(context, Options.Crl);
        TlsContextSetup.DhParam(context, Options.DhParam);
        TlsContextSetup.Groups(context, Options.Groups);
        SetSessions(context, certificates);
        TlsContextSetup.ConfCommands(context, Options.ConfCommands, Options.ConfigurationFolder);
    }

    // ngx_ssl_session_cache.
    private void SetSessions(nint context, List<byte[]> certificates)
    {
        _ = NativeContext.SetTimeout(context, (nint)Options.SessionTimeout.TotalSeconds);
        SetSessionIdContext(context, certificates);
        var mode = Options.SessionCacheMode;
        if ((mode & TlsSessionCacheMode.Off) != 0)
        {
            SetCacheMode(context, NativeContext.CacheOff);
        }
        else if (mode == TlsSessionCacheMode.None)
        {
            SetCacheMode(context, NativeContext.CacheServer | NativeContext.CacheNoAutoClear | NativeContext.CacheNoInternalStore);
            _ = NativeContext.Control(context, NativeContext.CommandSessionCacheSize, 1, null);
        }
        else
        {
            var builtin = (mode & TlsSessionCacheMode.Builtin) != 0;
            SetCacheMode(context, NativeContext.CacheServer | (builtin ? 0 : NativeContext.CacheNoInternal));
            if (Options.SessionCache != null)
            {
                NativeContext.SetNewSession(context, TlsSessionCallbacks.NewSession);
                NativeContext.SetGetSession(context, TlsSessionCallbacks.GetSession);
                NativeContext.SetRemoveSession(context, TlsSessionCallbacks.RemoveSession);
            }
            if (builtin && Options.BuiltinCacheSize != 0)
            {
                _ = NativeContext.Control(context, NativeContext.CommandSessionCacheSize, Options.BuiltinCacheSize, null);
            }
        }
        if (!Options.SessionTickets)
        {
            _ = NativeContext.SetOptions(context, NativeContext.OptionNoTicket);
        }
        SetTicketKeys(context, mode);
    }

    // Without files a shared cache also shares ticket keys, and else OpenSSL makes its own for each context.
    private void SetTicketKeys(nint context, TlsSessionCacheMode mode)
    {
        if (Options.TicketKeys.FirstOrDefault(bytes => bytes.Length is not (48 or 80)) != null)
        {
            throw new TlsConfigurationException("a session ticket key must be 48 or 80 bytes");
        }
        TicketKeys = Options.TicketKeys.Count > 0 ? new TlsTicketKeys(Options.TicketKeys)
            : (mode & TlsSessionCacheMode.Shared) != 0 ? Options.SessionCache?.TicketKeys
            : null;
        if (TicketKeys != null)
        {
            _ = NativeContext.SetTicketKey(context, TlsSessionCallbacks.TicketKey);
        }
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
        NativeObjects.Remove(NativeObject.Context);
    }
}
