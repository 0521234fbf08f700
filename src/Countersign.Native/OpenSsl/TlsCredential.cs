namespace Countersign.Native;

/// <summary>A certificate with its chain, or a key, as read from one source.</summary>
internal sealed class TlsCredential : IDisposable
{
    private TlsCredential(nint certificate, nint chain, nint key, bool isSecret)
    {
        Certificate = certificate;
        Chain = chain;
        Key = key;
        IsSecret = isSecret;
        NativeObjects.Add(NativeObject.Credential);
    }

    ~TlsCredential() => Release();

    public nint Certificate { get; private set; }

    /// <summary>Without the leaf.</summary>
    public nint Chain { get; private set; }

    public nint Key { get; private set; }

    /// <summary>A password opened it: as under nginx it is not kept in memory beyond its use.</summary>
    public bool IsSecret { get; }

    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsCredential ReadCertificate(string source)
    {
        var chain = PemSource.Chain(source);
        return new TlsCredential(NativeCrypto.Shift(chain), chain, 0, false);
    }

    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsCredential ReadKey(string source, IReadOnlyList<byte[]>? passwords)
    {
        var key = PemSource.Key(source, passwords, out var isEncrypted);
        return new TlsCredential(0, 0, key, isEncrypted);
    }

    /// <summary>ssl_dhparam.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static TlsCredential ReadParameters(string path) => new(0, 0, TlsContextSetup.ReadParameters(path), false);

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Certificate == 0 && Key == 0)
        {
            return;
        }
        if (Certificate != 0)
        {
            NativeX509.Free(Certificate);
            PemSource.FreeCertificates(Chain);
        }
        if (Key != 0)
        {
            NativeCrypto.FreeKey(Key);
        }
        Certificate = Chain = Key = 0;
        NativeObjects.Remove(NativeObject.Credential);
    }
}
