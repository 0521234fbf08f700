using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Native;

/// <summary>How the SSL_CTX is filled: the first from the files, its copies from what these have given.</summary>
public sealed unsafe partial class TlsServerContext
{
    private const int DefaultBuiltinSize = 20480;
    private const int BuiltinSessionSize = 2048;

    private void FillCopy(nint context)
    {
        _ = NativeContext.SetData(context, TlsCallbacks.ContextIndex, GCHandle.ToIntPtr(_self));
        Fill(context, Handle);
    }

    /// <param name="original">What is to be copied, or 0 when this is the first.</param>
    private void Fill(nint context, nint original)
    {
        var isFirst = original == 0;
        NativeContext.SetInformation(context, TlsCallbacks.Information);
        NativeContext.SetMessages(context, TlsMessages.Callback);
        NativeContext.SetClientHello(context, TlsCallbacks.ClientHello, 0);
        _ = NativeContext.ControlCallback(context, NativeContext.CommandServerNameCallback, TlsCallbacks.ServerName);
        NativeContext.SetApplicationProtocol(context, TlsCallbacks.ApplicationProtocol, 0);
        TlsContextSetup.Ciphers(context, Options.Ciphers, Options.PreferServerCiphers);
        var certificates = new List<byte[]>();
        foreach (var pair in Options.Certificates)
        {
            TlsContextSetup.KeyPair(context, pair, Options.Passwords, _material, certificates);
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
            TlsContextSetup.ClientCertificate(context, isFirst ? Options.ClientCertificate : null, Options.VerifyDepth);
        }
        if (isFirst)
        {
            NamedAuthorities = string.IsNullOrEmpty(Options.TrustedCertificate) ? null : TlsContextSetup.TrustedSoFar(context);
        }
        TlsContextSetup.TrustedCertificate(context, isFirst ? Options.TrustedCertificate : null, Options.VerifyDepth);
        if (isFirst)
        {
            TlsContextSetup.Crl(context, Options.Crl);
        }
        else
        {
            TlsContextSetup.TrustAs(context, original);
        }
        if (Options.OcspFault is { } fault)
        {
            throw new TlsConfigurationException(fault);
        }
        TlsContextSetup.DhParam(context, Options.DhParam, _material);
        TlsContextSetup.Groups(context, Options.Groups);
        if (isFirst)
        {
            SetStores(context, certificates);
        }
        SetSessions(context);
        TlsConfCommands.Apply(context, Options.ConfCommands, Options.ConfigurationFolder);
        NativeContext.SetChainVerification(context, TlsCallbacks.VerifyChain, 0);
        Trust ??= TlsTrust.Of(context, Options);
    }

    // ngx_ssl_session_cache, for this context and its copies.
    private void SetStores(nint context, List<byte[]> certificates)
    {
        _sessionIdContext = SessionIdContext(context, certificates);
        var mode = Options.SessionCacheMode;
        if ((mode & TlsSessionCacheMode.Shared) != 0)
        {
            _sessions = Options.SessionCache;
        }
        else if ((mode & TlsSessionCacheMode.Builtin) != 0)
        {
            var count = Options.BuiltinCacheSize == 0 ? DefaultBuiltinSize : Options.BuiltinCacheSize;
            _sessions = _ownSessions = new TlsSessionCache("builtin", (long)count * BuiltinSessionSize, Time, count);
        }
        byte[][] keys = [.. Options.TicketKeys];
        if (Array.Exists(keys, bytes => bytes.Length is not (48 or 80)))
        {
            throw new TlsConfigurationException("a session ticket key must be 48 or 80 bytes");
        }
        // Without files a shared cache also shares ticket keys, and else each server has its own.
        TicketKeys = keys.Length > 0 ? new TlsTicketKeys(keys)
            : (mode & TlsSessionCacheMode.Shared) != 0 && Options.SessionCache is { } shared ? shared.TicketKeys
            : new TlsTicketKeys(Time);
        KeepsTickets = Options.SessionTickets && keys.Length == 0 && (mode & TlsSessionCacheMode.Off) == 0 && Options.TicketSessions is not null;
    }

    // OpenSSL's own store is never used: what it finds it resumes, whatever was trusted since.
    private void SetSessions(nint context)
    {
        _ = NativeContext.SetTimeout(context, (nint)Options.SessionTimeout.TotalSeconds);
        fixed (byte* id = _sessionIdContext)
        {
            if (NativeContext.SetSessionIdContext(context, id, (uint)_sessionIdContext.Length) == 0)
            {
                throw TlsConfigurationException.FromQueue("SSL_CTX_set_session_id_context() failed");
            }
        }
        SetCacheMode(
            context, (Options.SessionCacheMode & TlsSessionCacheMode.Off) != 0 ? NativeContext.CacheOff : NativeContext.CacheServer | NativeContext.CacheNoInternal);
        NativeContext.SetNewSession(context, TlsSessionCallbacks.NewSession);
        NativeContext.SetGetSession(context, TlsSessionCallbacks.GetSession);
        NativeContext.SetRemoveSession(context, TlsSessionCallbacks.RemoveSession);
        _ = NativeContext.SetTicketCallbacks(context, TlsSessionCallbacks.NewTicket, TlsSessionCallbacks.OpenedTicket, 0);
        _ = NativeContext.SetTickets(context, 1);
        if (!Options.SessionTickets)
        {
            _ = NativeContext.SetOptions(context, NativeContext.OptionNoTicket);
        }
        _ = NativeContext.SetTicketKey(context, TlsSessionCallbacks.TicketKey);
    }

    // ngx_ssl_session_id_context: a session made under another certificate or other trusted CAs must not come back here.
    private byte[] SessionIdContext(nint context, List<byte[]> certificates)
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
        return hash.GetHashAndReset();
    }

    private static void SetCacheMode(nint context, nint mode) =>
        _ = NativeContext.Control(context, NativeContext.CommandSessionCacheMode, mode, null);
}
