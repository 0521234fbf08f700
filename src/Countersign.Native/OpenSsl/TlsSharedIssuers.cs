namespace Countersign.Native;

/// <summary>
/// The intermediates that clients send along are the same few for most of them, and libssl keeps a parsed copy for each connection and each
/// session: a fifth of what an idle client costs. Those of accepted chains are kept here once, and every list refers to them.
/// </summary>
internal static unsafe class TlsSharedIssuers
{
    private const int Most = 256;

    // Whoever is accepted may send anything along with his chain.
    private const int LargestEncoding = 8 * 1024;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<Sha256Digest, nint> Known = [];
    private static readonly Queue<Sha256Digest> OldestFirst = new();

    /// <summary>How many are kept.</summary>
    public static int Count
    {
        get
        {
            lock (Gate)
            {
                return Known.Count;
            }
        }
    }

    /// <param name="chain">STACK_OF(X509) of a session that no other thread can see yet; or 0.</param>
    public static void Share(nint chain)
    {
        for (var index = NativeCrypto.Count(chain) - 1; index >= 0; index--)
        {
            var own = NativeCrypto.Item(chain, index);
            var digest = default(Sha256Digest);
            if (NativeX509.Encode(own, null) is > 0 and <= LargestEncoding && TryDigest(own, ref digest) && Shared(digest, own) is var shared && shared != own)
            {
                _ = NativeCrypto.SetItem(chain, index, shared);
                NativeX509.Free(own);
            }
        }
    }

    /// <returns>The one that is kept, referred to once more when it is not <paramref name="certificate"/> itself.</returns>
    private static nint Shared(in Sha256Digest digest, nint certificate)
    {
        lock (Gate)
        {
            if (Known.TryGetValue(digest, out var known))
            {
                if (known != certificate)
                {
                    _ = NativeX509.Keep(known);
                }
                return known;
            }
            if (Known.Count == Most && Known.Remove(OldestFirst.Dequeue(), out var oldest))
            {
                NativeX509.Free(oldest);
            }
            _ = NativeX509.Keep(certificate);
            Known.Add(digest, certificate);
            OldestFirst.Enqueue(digest);
            return certificate;
        }
    }

    private static bool TryDigest(nint certificate, ref Sha256Digest digest)
    {
        uint written;
        fixed (byte* start = digest.Bytes)
        {
            return NativeX509.Digest(certificate, NativeCrypto.Sha256(), start, &written) != 0;
        }
    }
}
