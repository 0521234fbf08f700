namespace Countersign.Native;

/// <summary>An SSL_SESSION as i2d_SSL_SESSION writes it: with the client's own certificate, without the rest of its chain.</summary>
internal static unsafe class TlsSessionBytes
{
    // NGX_SSL_MAX_SESSION_SIZE.
    private const int Most = 8192;

    /// <returns>Null for one that is too large to keep.</returns>
    public static byte[]? Encode(nint session)
    {
        var length = NativeSession.Encode(session, null);
        if (length is <= 0 or > Most)
        {
            return null;
        }
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            var at = start;
            _ = NativeSession.Encode(session, &at);
        }
        return bytes;
    }

    /// <returns>A new SSL_SESSION that the caller owns, or 0.</returns>
    public static nint Decode(byte[] bytes)
    {
        fixed (byte* start = bytes)
        {
            var at = start;
            var session = NativeSession.Decode(null, &at, bytes.Length);
            if (session == 0)
            {
                NativeError.Clear();
            }
            return session;
        }
    }
}
