namespace Countersign.Native;

/// <summary>ngx_ssl_connection_certificate.</summary>
internal static unsafe class TlsConnectionKeyPair
{
    public static void Use(nint ssl, TlsKeyPair pair, IReadOnlyList<byte[]> passwords)
    {
        var chain = PemSource.Chain(pair.Certificate);
        var leaf = NativeCrypto.Shift(chain);
        var used = NativeConnection.UseCertificate(ssl, leaf);
        NativeX509.Free(leaf);
        if (used == 0)
        {
            PemSource.FreeCertificates(chain);
            throw TlsConfigurationException.FromQueue($"SSL_use_certificate(\"{pair.Certificate}\") failed");
        }
        if (NativeConnection.Control(ssl, NativeConnection.CommandChain, 0, (void*)chain) == 0)
        {
            PemSource.FreeCertificates(chain);
            throw TlsConfigurationException.FromQueue($"SSL_set0_chain(\"{pair.Certificate}\") failed");
        }
        var key = PemSource.Key(pair.Key, passwords);
        used = NativeConnection.UsePrivateKey(ssl, key);
        NativeCrypto.FreeKey(key);
        if (used == 0)
        {
            throw TlsConfigurationException.FromQueue($"SSL_use_PrivateKey(\"{pair.Key}\") failed");
        }
    }
}
