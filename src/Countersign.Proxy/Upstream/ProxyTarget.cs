using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>Whom proxy_pass asks for this request.</summary>
/// <param name="HostHeader">Host and port as the default Host header shows them.</param>
public readonly record struct ProxyTarget(UpstreamState State, bool IsTls, Bytes HostHeader)
{
    /// <summary>What proxy_pass says for this request (<c>ngx_http_proxy_eval</c>); $proxy_host and $proxy_port are set.</summary>
    /// <returns>0, or the status to answer with; logged in nginx's words.</returns>
    public static int Evaluate(Exchange exchange, ProxyPassPlan pass, out ProxyUrl url)
    {
        if (pass.Upstream is { } upstream)
        {
            var constants = exchange.Generation.Backends.ConstantsOf(pass);
            url = new ProxyUrl
            {
                Upstream = upstream,
                IsTls = pass.Ssl,
                HostHeader = constants.Host,
                Port = constants.Port,
                Uri = constants.Uri,
                LocationPrefix = constants.LocationPrefix,
            };
        }
        else
        {
            var text = Values.Evaluate(exchange, pass.Url!);
            if (!ProxyUrl.TryParse(text, out url, out var error))
            {
                exchange.Log.Write(LogLevel.Error, error);
                return 500;
            }
        }
        exchange.Upstream.ProxyHost = url.HostHeader;
        exchange.Upstream.ProxyPort = url.Port;
        return 0;
    }

    /// <summary>The upstream of that name and port, whoever it was made for, or else the address itself.</summary>
    /// <returns>0, or the status to answer with; logged in nginx's words.</returns>
    public static int Find(Exchange exchange, ProxyUrl url, out ProxyTarget target)
    {
        var backends = exchange.Generation.Backends;
        var state = url.Upstream is { } known ? backends.Upstreams.Of(known, exchange.Worker.Loop.Number)
            : Named(exchange, url) is { } named ? backends.Upstreams.Of(named, exchange.Worker.Loop.Number)
            : url.EndPoint is { } endPoint ? backends.AdHoc(endPoint.ToString()!, endPoint)
            : null;
        if (state is null)
        {
            exchange.Log.Write(LogLevel.Error, $"no resolver defined to resolve {url.Host}");
            target = default;
            return 502;
        }
        target = new ProxyTarget(state, url.IsTls, url.HostHeader);
        return 0;
    }

    /// <summary>As nginx: upstream blocks go by name alone; what other proxy_pass directives imply can be found by name and port, too.</summary>
    private static UpstreamPlan? Named(Exchange exchange, ProxyUrl url)
    {
        foreach (var plan in exchange.Generation.Http.Upstreams)
        {
            if (!plan.Name.Equals(url.Host, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            if (plan.IsNamed ? url.HasNoPort : plan.Servers[0].Addresses[0] is IPEndPoint implied && implied.Port == url.PortNumber)
            {
                return plan;
            }
        }
        return null;
    }
}

/// <summary>The URL of a proxy_pass, taken apart.</summary>
public readonly struct ProxyUrl
{
    /// <summary>Of a constant URL.</summary>
    public UpstreamPlan? Upstream { get; init; }
    public bool IsTls { get; init; }
    /// <summary>Without port; an IPv6 address keeps its brackets.</summary>
    public string Host { get; init; }
    public bool HasNoPort { get; init; }
    public int PortNumber { get; init; }
    /// <summary>Where the host is an address.</summary>
    public EndPoint? EndPoint { get; init; }
    /// <summary>$proxy_host.</summary>
    public Bytes HostHeader { get; init; }
    /// <summary>$proxy_port.</summary>
    public Bytes Port { get; init; }
    /// <summary>The URI part; empty without.</summary>
    public Bytes Uri { get; init; }
    /// <summary>The part of the request's URI that <see cref="Uri"/> replaces (constant URL).</summary>
    public Bytes LocationPrefix { get; init; }
    /// <summary>The URL had variables: its URI, where it has one, is the whole URI.</summary>
    public bool IsEvaluated { get; init; }

    private static readonly Bytes LocalHost = new("localhost"u8.ToArray());

    /// <summary><c>ngx_parse_url</c> without looking names up.</summary>
    public static bool TryParse(Bytes url, out ProxyUrl parsed, out string error)
    {
        parsed = default;
        error = "";
        var scheme = StartsWith(url, "http://"u8) ? 7 : StartsWith(url, "https://"u8) ? 8 : 0;
        if (scheme == 0 || url.Length == scheme)
        {
            error = $"invalid URL prefix in \"{url}\"";
            return false;
        }
        var text = Encoding.Latin1.GetString(url.Span[scheme..]);
        var fault = text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase)
            ? ParseUnix(text, scheme == 8, out parsed) : ParseInternet(text, scheme == 8, out parsed);
        error = $"{fault} in upstream \"{text}\"";
        return fault is null;
    }

    private static string? ParseUnix(string text, bool isTls, out ProxyUrl parsed)
    {
        parsed = default;
        var path = text["unix:".Length..];
        var uri = "";
        if (path.IndexOf(':') is var colon and >= 0)
        {
            uri = path[(colon + 1)..];
            path = path[..colon];
        }
        if (path.Length is 0 or > 107)
        {
            return path.Length == 0 ? "no path in the unix domain socket" : "too long path in the unix domain socket";
        }
        parsed = new ProxyUrl
        {
            IsTls = isTls,
            IsEvaluated = true,
            Host = path,
            EndPoint = new UnixDomainSocketEndPoint(ByteText.ToUnicode(path)),
            HostHeader = LocalHost,
            Port = new Bytes([]),
            Uri = UriOf(uri),
        };
        return null;
    }

    private static string? ParseInternet(string text, bool isTls, out ProxyUrl parsed)
    {
        parsed = default;
        var end = text.IndexOfAny(['/', '?']);
        var authority = end < 0 ? text : text[..end];
        var bracket = authority.StartsWith('[') ? authority.IndexOf(']') : -1;
        if (authority.StartsWith('[') && bracket < 0)
        {
            return "invalid host";
        }
        var colon = authority.IndexOf(':', bracket < 0 ? 0 : bracket);
        if (bracket >= 0 && bracket + 1 < authority.Length && colon != bracket + 1)
        {
            return "invalid host";
        }
        var defaultPort = isTls ? 443 : 80;
        var port = defaultPort;
        if (colon >= 0 && (!TryPort(authority[(colon + 1)..], out port)))
        {
            return "invalid port";
        }
        var host = colon < 0 ? authority : authority[..colon];
        if (host.Length == 0)
        {
            return "no host";
        }
        IPAddress? address = null;
        if (bracket >= 0 && !(IPAddress.TryParse(host.AsSpan()[1..^1], out address) && address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return "invalid IPv6 address";
        }
        if (bracket < 0 && host.Count(c => c == '.') == 3 && host.All(c => char.IsAsciiDigit(c) || c == '.'))
        {
            _ = IPAddress.TryParse(host, out address);
        }
        parsed = new ProxyUrl
        {
            IsTls = isTls,
            IsEvaluated = true,
            Host = host,
            HasNoPort = colon < 0,
            PortNumber = port,
            EndPoint = address is null ? null : new IPEndPoint(address, port),
            HostHeader = Text(port == defaultPort ? host : authority),
            Port = Text(colon < 0 || port == defaultPort ? isTls ? "443" : "80" : authority[(colon + 1)..]),
            Uri = UriOf(end < 0 ? "" : text[end..]),
        };
        return null;
    }

    private static bool TryPort(string text, out int port)
    {
        port = 0;
        return text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit)
            && int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
    }

    private static Bytes UriOf(string uri) => Text(uri.StartsWith('?') ? "/" + uri : uri);

    private static Bytes Text(string text) => new(ByteText.ToBytes(text));

    private static bool StartsWith(Bytes text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && Ascii.EqualsIgnoreCase(text.Span[..lower.Length], lower);
}
