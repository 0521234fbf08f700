using System.Collections.Concurrent;
using System.Net;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>Everything a plan's proxy_pass needs that is made once: upstreams, TLS contexts, constants as bytes.</summary>
public sealed class Backends(HttpPlan plan, string configurationFolder, int loops) : IDisposable
{
    private const int MaximumAdHoc = 1024;

    private readonly ConcurrentDictionary<string, UpstreamState> _adHoc = new(StringComparer.Ordinal);
    private readonly Dictionary<ProxyPassPlan, TargetConstants> _constants = Constants(plan);

    private readonly Dictionary<ProxySettings, byte[][]> _names = Names(plan);

    /// <summary>Names of proxy_set_header, in its order.</summary>
    public byte[][] NamesOf(ProxySettings settings) => _names[settings];

    private readonly Dictionary<ProxySettings, byte[][]> _hidden = Hidden(plan);

    /// <summary>Header lines of a backend that are not passed on.</summary>
    public byte[][] HiddenOf(ProxySettings settings) => _hidden[settings];

    public UpstreamSet Upstreams { get; } = new(plan, loops);

    public BackendTls Tls { get; } = new(plan, configurationFolder);

    public TargetConstants ConstantsOf(ProxyPassPlan pass) => _constants[pass];

    /// <summary>An address that a proxy_pass with variables came to. Such peers have no history worth keeping when there are too many.</summary>
    public UpstreamState AdHoc(string name, EndPoint endPoint)
    {
        if (_adHoc.TryGetValue(name, out var known))
        {
            return known;
        }
        if (_adHoc.Count >= MaximumAdHoc)
        {
            _adHoc.Clear();
        }
        return _adHoc.GetOrAdd(name, new UpstreamState(new UpstreamPlan
        {
            Id = -1,
            Name = name,
            Servers = [new UpstreamServerPlan { Name = name, Addresses = [endPoint] }],
        }, isAdHoc: true));
    }

    public void Dispose()
    {
        Upstreams.Dispose();
        Tls.Dispose();
    }

    private static Dictionary<ProxyPassPlan, TargetConstants> Constants(HttpPlan plan)
    {
        var constants = new Dictionary<ProxyPassPlan, TargetConstants>(ReferenceEqualityComparer.Instance);
        foreach (var pass in plan.Locations.Select(location => location.ProxyPass).OfType<ProxyPassPlan>().Where(pass => pass.Upstream is not null))
        {
            constants[pass] = new TargetConstants(Text(pass.Host), Text(pass.Port), pass.Uri is null ? default : Text(pass.Uri), Text(pass.LocationPrefix));
        }
        return constants;
    }

    private static Dictionary<ProxySettings, byte[][]> Names(HttpPlan plan)
    {
        var names = new Dictionary<ProxySettings, byte[][]>(ReferenceEqualityComparer.Instance);
        foreach (var settings in plan.Locations.Where(location => location.ProxyPass is not null).Select(location => location.Proxy))
        {
            names[settings] = [.. settings.SetHeaders.Select(header => ByteText.ToBytes(header.Name))];
        }
        return names;
    }

    private static Dictionary<ProxySettings, byte[][]> Hidden(HttpPlan plan)
    {
        string[] always =
            ["Date", "Server", "X-Pad", "X-Accel-Expires", "X-Accel-Redirect", "X-Accel-Limit-Rate", "X-Accel-Buffering", "X-Accel-Charset"];
        var hidden = new Dictionary<ProxySettings, byte[][]>(ReferenceEqualityComparer.Instance);
        foreach (var settings in plan.Locations.Where(location => location.ProxyPass is not null).Select(location => location.Proxy))
        {
            var passed = settings.PassHeaders.ToHashSet(StringComparer.OrdinalIgnoreCase);
            // As nginx: proxy_pass_header also takes back what proxy_hide_header says.
            hidden[settings] = [.. always.Concat(settings.HideHeaders).Where(name => !passed.Contains(name)).Select(ByteText.ToBytes)];
        }
        return hidden;
    }

    private static Bytes Text(string text) => new(ByteText.ToBytes(text));
}

/// <summary>A constant proxy_pass in bytes.</summary>
public readonly record struct TargetConstants(Bytes Host, Bytes Port, Bytes Uri, Bytes LocationPrefix);
