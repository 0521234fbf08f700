namespace Countersign.Native;

/// <summary>
/// Whether a session may be kept as it is. It refers to all certificates that its client sent, parsed: of a hundred kilobytes of small ones, which
/// anybody may send, a megabyte and more. An encoded session has the client's own alone.
/// </summary>
internal static unsafe class TlsSessionWeight
{
    // Encoded. What a verified client sends along is kept once for all sessions (TlsSharedIssuers); a stranger's is his own, and may be made to be large when parsed.
    private const int MostOfVerified = 16 * 1024;
    private const int MostOfStranger = 2 * 1024;

    public static bool IsLight(nint ssl)
    {
        var leaf = NativeConnection.PeerCertificate(ssl);
        if (leaf == 0)
        {
            return true;
        }
        var room = (NativeConnection.VerifyResult(ssl) == TlsVerification.Ok ? MostOfVerified : MostOfStranger) - NativeX509.Encode(leaf, null);
        // The chain of what was resumed was light, or has been left behind when it was encoded.
        var chain = NativeConnection.SessionReused(ssl) == 1 ? 0 : NativeConnection.PeerChain(ssl);
        for (var index = NativeCrypto.Count(chain) - 1; index >= 0 && room >= 0; index--)
        {
            room -= NativeX509.Encode(NativeCrypto.Item(chain, index), null);
        }
        return room >= 0;
    }
}
