using Countersign.Configuration;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>The caches that a plan's servers name. One of the same name and size goes on over a reload, as nginx's shared memory.</summary>
internal sealed class OcspCaches
{
    private readonly Dictionary<string, OcspCache> _caches = [];

    public OcspCaches(HttpPlan plan, TimeProvider time, OcspCaches? before)
    {
        foreach (var server in plan.Servers)
        {
            if (server.Ssl.Ocsp?.Cache is { } cache && !_caches.ContainsKey(cache.Name))
            {
                _caches[cache.Name] = before?._caches.GetValueOrDefault(cache.Name) is { } known && known.Size == cache.Size
                    ? known
                    : new OcspCache(cache.Size, time);
            }
        }
    }

    public OcspCache? Of(OcspPlan plan) => plan.Cache is { } cache ? _caches[cache.Name] : null;
}
