using System.Collections.Concurrent;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Certificates and keys whose names have variables: where they lie, and what each loop remembers of them while the plan is served.</summary>
/// <param name="folder">The configuration's, from which relative names are meant.</param>
public sealed class KeyPairs(string folder, TimeProvider time) : IDisposable
{
    private readonly string _prefix = folder.EndsWith('/') ? folder : folder + "/";
    private readonly ConcurrentDictionary<(int Loop, SslCertificateCache Plan), TlsCredentialCache> _caches = new();

    public TlsKeyPair Named(Exchange exchange, ComplexValue certificate, ComplexValue key) =>
        new(Located(Values.Evaluate(exchange, certificate)), Located(Values.Evaluate(exchange, key)));

    /// <returns>Null without a plan of one; otherwise for this loop's thread alone.</returns>
    public TlsCredentialCache? CacheOf(Worker worker, SslCertificateCache? plan)
    {
        if (plan is null)
        {
            return null;
        }
        var place = (worker.Loop.Number, plan);
        return _caches.TryGetValue(place, out var known) ? known
            : _caches.GetOrAdd(place, new TlsCredentialCache(plan.Maximum, plan.Valid, plan.Inactive, time));
    }

    /// <summary>When nobody is served by the plan any more.</summary>
    public void Dispose()
    {
        foreach (var cache in _caches.Values)
        {
            cache.Dispose();
        }
        _caches.Clear();
    }

    private string Located(ReadOnlySpan<byte> source)
    {
        var text = Encoding.UTF8.GetString(source);
        return text.StartsWith('/') || text.StartsWith("data:", StringComparison.Ordinal)
            || text.StartsWith("engine:", StringComparison.Ordinal) || text.StartsWith("store:", StringComparison.Ordinal)
            ? text
            : _prefix + text;
    }
}
