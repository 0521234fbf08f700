namespace Countersign.Native;

/// <summary>proxy_ssl_*: one location's way to speak TLS to its upstreams. Defaults are nginx's.</summary>
public sealed class TlsClientOptions
{
    /// <summary>proxy_ssl_certificate and its key, when they mention no variables.</summary>
    public TlsKeyPair? Certificate { get; init; }

    /// <summary>Lines of proxy_ssl_password_file; null without the directive.</summary>
    public IReadOnlyList<byte[]>? Passwords { get; init; }

    public TlsProtocols Protocols { get; init; } = TlsProtocols.Tls12 | TlsProtocols.Tls13;

    public string Ciphers { get; init; } = "DEFAULT";

    public IReadOnlyList<(string Name, string Value)> ConfCommands { get; init; } = [];

    /// <summary>The configuration's folder, from which path values of <see cref="ConfCommands"/> are meant; null when they are absolute.</summary>
    public string? ConfigurationFolder { get; init; }

    /// <summary>Without it nothing is loaded and the result of the verification is not to be asked.</summary>
    public bool Verify { get; init; }

    public int VerifyDepth { get; init; } = 1;

    public string? TrustedCertificate { get; init; }

    public string? Crl { get; init; }

    public bool SessionReuse { get; init; } = true;

    /// <summary>Trusts what the system trusts, beside <see cref="TrustedCertificate"/>. nginx has no word for it.</summary>
    public bool TrustsSystem { get; init; }

    /// <summary>To be offered by ALPN, best first; none as nginx.</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];
}

/// <summary>What the owner of a client connection hears.</summary>
public interface ITlsClientEvents
{
    /// <summary>A session to resume from arrived: in TLS 1.3 after the handshake, inside a Read. The receiver owns it.</summary>
    void OnSession(TlsConnection connection, TlsSession session);
}

/// <summary>An SSL_CTX for connections to upstreams, with a copy for each thread that connects with it.</summary>
public sealed unsafe class TlsClientContext : IDisposable
{
    private readonly TlsContextHandles _handles;
    private readonly TlsMaterial _material = new();

    private TlsClientContext(TlsClientOptions options, nint handle)
    {
        Options = options;
        _handles = new TlsContextHandles(handle, options.Protocols, options.ConfCommands, copy => Fill(copy, Handle));
    }

    ~TlsClientContext() => Release();

    public TlsClientOptions Options { get; }

    /// <summary>Certificate and key are a pair. OpenSSL takes a key of another kind without a word, and then sends nothing.</summary>
    public bool HasPair
    {
        get
        {
            ObjectDisposedException.ThrowIf(Handle == 0, this);
            var result = NativeContext.CheckPrivateKey(Handle);
            NativeError.Clear();
            return result == 1;
        }
    }

    /// <summary>What the context is asked about; 0 when it is disposed.</summary>
    internal nint Handle => _handles.Original;

    /// <summary>The same for the connections of the calling thread.</summary>
    internal nint HandleHere => _handles.Here;

    /// <summary>Steps in the order of nginx's ngx_http_proxy_set_ssl.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsClientContext Create(TlsClientOptions options)
    {
        var context = new TlsClientContext(options, TlsContextSetup.Create(options.Protocols, options.ConfCommands));
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

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <param name="original">What is to be copied, or 0 when this is the first.</param>
    private void Fill(nint context, nint original)
    {
        var isFirst = original == 0;
        TlsContextSetup.Ciphers(context, Options.Ciphers, preferServer: false);
        if (Options.Certificate != null)
        {
            TlsContextSetup.KeyPair(context, Options.Certificate, Options.Passwords, _material, []);
        }
        if (Options.Verify)
        {
            if (string.IsNullOrEmpty(Options.TrustedCertificate))
            {
                throw new TlsConfigurationException("no proxy_ssl_trusted_certificate for proxy_ssl_verify");
            }
            TlsContextSetup.TrustedCertificate(context, isFirst ? Options.TrustedCertificate : null, Options.VerifyDepth);
            TlsContextSetup.Crl(context, isFirst ? Options.Crl : null);
        }
        if (!isFirst)
        {
            TlsContextSetup.TrustAs(context, original);
        }
        else if (Options.TrustsSystem)
        {
            _ = NativeContext.TrustSystem(context);
            NativeError.Clear();
        }
        if (Options.ApplicationProtocols.Count > 0)
        {
            OfferProtocols(context);
        }
        if (Options.SessionReuse)
        {
            _ = NativeContext.Control(
                context, NativeContext.CommandSessionCacheMode, NativeContext.CacheClient | NativeContext.CacheNoInternal, null);
            NativeContext.SetNewSession(context, TlsSessionCallbacks.NewClientSession);
        }
        TlsConfCommands.Apply(context, Options.ConfCommands, Options.ConfigurationFolder);
    }

    // Each with its length before it (RFC 7301 section 3.1).
    private void OfferProtocols(nint context)
    {
        byte[] list = [.. Options.ApplicationProtocols.Select(System.Text.Encoding.ASCII.GetBytes).SelectMany(name => (byte[])[(byte)name.Length, .. name])];
        fixed (byte* start = list)
        {
            if (NativeContext.OfferProtocols(context, start, (uint)list.Length) != 0)
            {
                throw TlsConfigurationException.FromQueue("SSL_CTX_set_alpn_protos() failed");
            }
        }
    }

    private void Release()
    {
        if (Handle == 0)
        {
            return;
        }
        _handles.Free();
        _material.Dispose();
    }
}
