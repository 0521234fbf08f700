namespace Countersign.Native;

/// <summary>ngx_ssl_connection_certificate.</summary>
internal static unsafe class TlsConnectionKeyPair
{
    // SSL_CTRL_CHAIN: SSL_set1_chain, which leaves the stack the caller's.
    private const int Copied = 1;
    private const int LibraryX509 = 11;
    private const int KeyValuesMismatch = 116;

    public static void Use(nint ssl, TlsKeyPair pair, IReadOnlyList<byte[]> passwords, TlsCredentialCache? cache)
    {
        // As nginx: one of the two files may have been replaced since the other was read.
        if (!TryUse(ssl, pair, passwords, cache, afresh: false))
        {
            NativeError.Clear();
            _ = TryUse(ssl, pair, passwords, cache, afresh: true);
        }
    }

    /// <returns>False when certificate and key are no pair, unless they have been read just now.</returns>
    private static bool TryUse(nint ssl, TlsKeyPair pair, IReadOnlyList<byte[]> passwords, TlsCredentialCache? cache, bool afresh)
    {
        var certificate = cache?.Find(isKey: false, pair.Certificate, afresh);
        var isOurs = false;
        if (certificate is null)
        {
            certificate = TlsCredential.ReadCertificate(pair.Certificate);
            isOurs = cache?.TryAdd(isKey: false, pair.Certificate, certificate) != true;
        }
        try
        {
            if (NativeConnection.UseCertificate(ssl, certificate.Certificate) == 0)
            {
                throw TlsConfigurationException.FromQueue($"SSL_use_certificate(\"{pair.Certificate}\") failed");
            }
            if (NativeConnection.Control(ssl, NativeConnection.CommandChain, Copied, (void*)certificate.Chain) == 0)
            {
                throw TlsConfigurationException.FromQueue($"SSL_set0_chain(\"{pair.Certificate}\") failed");
            }
        }
        finally
        {
            if (isOurs)
            {
                certificate.Dispose();
            }
        }
        return TryUseKey(ssl, pair.Key, passwords, cache, afresh);
    }

    private static bool TryUseKey(nint ssl, string source, IReadOnlyList<byte[]> passwords, TlsCredentialCache? cache, bool afresh)
    {
        var key = cache?.Find(isKey: true, source, afresh);
        var isOurs = false;
        if (key is null)
        {
            key = TlsCredential.ReadKey(source, passwords);
            isOurs = cache?.TryAdd(isKey: true, source, key) != true;
        }
        try
        {
            if (NativeConnection.UsePrivateKey(ssl, key.Key) != 0)
            {
                return true;
            }
            var reason = new TlsErrorEntry((uint)NativeError.PeekLast(), "", "");
            return !afresh && reason is { Library: LibraryX509, Reason: KeyValuesMismatch }
                ? false
                : throw TlsConfigurationException.FromQueue($"SSL_use_PrivateKey(\"{source}\") failed");
        }
        finally
        {
            if (isOurs)
            {
                key.Dispose();
            }
        }
    }
}
