using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// What the certificates of kept sessions cost, each once: a session and the one that was resumed from it refer to the same, and it is
/// most of what they are. For whoever holds the sessions, so that no address here is one that has been freed.
/// </summary>
internal sealed unsafe class TlsSessionCertificates
{
    // A parsed certificate beside its bytes, which it has twice; as measured.
    private const int ParsedSize = 5 * 1024;

    private readonly Dictionary<nint, Use> _uses = [];

    /// <returns>By how much this reference adds to what all cost.</returns>
    public int Add(nint certificate)
    {
        if (certificate == 0)
        {
            return 0;
        }
        ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, certificate, out var isKnown);
        if (isKnown)
        {
            use.Count++;
            return 0;
        }
        use = new Use(ParsedSize + (2 * Math.Max(0, NativeX509.Encode(certificate, null)))) { Count = 1 };
        return use.Size;
    }

    /// <returns>By how much less all cost without this reference.</returns>
    public int Remove(nint certificate)
    {
        ref var use = ref CollectionsMarshal.GetValueRefOrNullRef(_uses, certificate);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref use) || --use.Count > 0)
        {
            return 0;
        }
        var size = use.Size;
        _ = _uses.Remove(certificate);
        return size;
    }

    private record struct Use(int Size)
    {
        public int Count { get; set; }
    }
}
