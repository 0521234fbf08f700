using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Handshake;

/// <summary>
/// What handshakes leave behind for later ones, by name: sessions and verdicts on chains. Stores of the same name and size go on over
/// reloads, ticket keys included; that nothing in them outlives its trust is seen to where it is taken out.
/// </summary>
/// <param name="before">Those of the plan in force, if any.</param>
public sealed class TlsStores(TimeProvider time, TlsStores? before)
{
    private TlsStores? _before = before;

    // Some thousand clients; ssl_session_cache shared:name:size says otherwise.
    private const long DefaultSessions = 16 << 20;

    private readonly Dictionary<string, TlsSessionCache> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TlsVerifyCache> _verdicts = new(StringComparer.Ordinal);

    /// <summary>For TLS 1.3 clients of servers without a cache of their own.</summary>
    public TlsSessionCache Tickets => Sessions("", DefaultSessions);

    /// <summary>All that the plan names has been asked for: what it does not name goes.</summary>
    public void Settle() => _before = null;

    /// <summary>Null without <c>shared:name:size</c>; servers that name the same one share it.</summary>
    public TlsSessionCache? Sessions(SslSessionCache cache) => cache.SharedName is { } name ? Sessions(name, cache.SharedSize) : null;

    /// <summary>Null when off.</summary>
    public TlsVerifyCache? Verdicts(SslVerifyCache cache)
    {
        if (cache.Name is not { } name)
        {
            return null;
        }
        if (!_verdicts.TryGetValue(name, out var shared))
        {
            shared = _before?._verdicts.GetValueOrDefault(name) is { } known && known.Capacity == cache.Size ? known : new TlsVerifyCache(name, cache.Size);
            _verdicts.Add(name, shared);
        }
        return shared;
    }

    private TlsSessionCache Sessions(string name, long size)
    {
        if (!_sessions.TryGetValue(name, out var shared))
        {
            shared = _before?._sessions.GetValueOrDefault(name) is { } known && known.Capacity == size ? known : new TlsSessionCache(name, size, time);
            _sessions.Add(name, shared);
        }
        return shared;
    }
}
