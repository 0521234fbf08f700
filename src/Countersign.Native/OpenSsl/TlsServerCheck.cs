using System.Net;

namespace Countersign.Native;

/// <param name="Problems">In the order OpenSSL found them, each once; empty for a chain that is good.</param>
/// <param name="Path">The chain it built, leaf to anchor, in DER.</param>
public sealed record TlsServerVerdict(IReadOnlyList<TlsVerification> Problems, IReadOnlyList<byte[]> Path);

/// <summary>Verifies a server's chain as a client does that trusts what a context trusts, at libssl's own security level, and goes on after a problem.</summary>
public static unsafe class TlsServerCheck
{
    /// <param name="chain">As it was sent, leaf first.</param>
    /// <param name="name">Host name or address that the leaf has to be for; null for any.</param>
    public static TlsServerVerdict Run(TlsClientContext trust, IReadOnlyList<Certificate> chain, string? name)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chain.Count);
        ObjectDisposedException.ThrowIf(trust.Handle == 0, trust);
        var untrusted = NativeCrypto.NewStack();
        var verification = NativeX509.NewVerification(TlsLibrary.Handle, null);
        try
        {
            NativeError.Clear();
            foreach (var certificate in chain.Skip(1))
            {
                _ = NativeCrypto.Push(untrusted, certificate.Handle);
            }
            if (NativeX509.BeginVerification(verification, NativeContext.Store(trust.Handle), chain[0].Handle, untrusted) != 1)
            {
                throw TlsConfigurationException.FromQueue("X509_STORE_CTX_init() failed");
            }
            Prepare(trust, verification, name);
            _ = TlsChainCheck.Verify(verification, out var problems);
            GC.KeepAlive(chain);
            GC.KeepAlive(trust);
            return new TlsServerVerdict([.. problems.Distinct()], Path(NativeX509.VerifiedPath(verification)));
        }
        finally
        {
            NativeX509.FreeVerification(verification);
            NativeCrypto.FreeStack(untrusted);
            NativeError.Clear();
        }
    }

    // In the order of libssl's ssl_verify_cert_chain.
    private static void Prepare(TlsClientContext trust, nint verification, string? name)
    {
        var parameters = NativeX509.VerificationParameter(verification);
        NativeX509.SetSecurityLevel(parameters, NativeContext.SecurityLevel(trust.Handle));
        fixed (byte* purpose = "ssl_server\0"u8)
        {
            _ = NativeX509.SetDefaults(verification, purpose);
        }
        if (name is not null)
        {
            fixed (byte* text = NativeText.Bytes(name))
            {
                // Length 0: up to its NUL.
                _ = IPAddress.TryParse(name, out _) ? NativeX509.SetAddress(parameters, text) : NativeX509.SetHost(parameters, text, 0);
            }
        }
        NativeX509.SetVerificationCallback(verification, TlsCallbacks.Verify);
    }

    private static byte[][] Path(nint stack)
    {
        var path = Certificate.BorrowAll(stack);
        var encoded = path.Select(certificate => certificate.Der).ToArray();
        foreach (var certificate in path)
        {
            certificate.Dispose();
        }
        return encoded;
    }
}
