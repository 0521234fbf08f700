using System.Net;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>Where proxy_pass goes for this request.</summary>
/// <param name="Uri">The URI part of the URL; null bytes when it has none.</param>
/// <param name="IsUriWhole">The URL had variables and a URI: it replaces the request's URI as it stands.</param>
/// <param name="HostHeader">Host and port as the default Host header shows them.</param>
public readonly record struct ProxyTarget(UpstreamState State, bool IsTls, Bytes Uri, bool IsUriWhole, Bytes HostHeader)
{
    /// <returns>0, or the status to answer with; logged in nginx's words.</returns>
    public static int Resolve(Exchange exchange, ProxyPassPlan pass, out ProxyTarget target)
    {
        if (pass.Upstream is { } upstream)
        {
            var constants = exchange.Generation.Backends.ConstantsOf(pass);
            exchange.Upstream.ProxyHost = constants.Host;
            exchange.Upstream.ProxyPort = constants.Port;
            target = new ProxyTarget(exchange.Generation.Backends.Upstreams.Of(upstream), pass.Ssl, constants.Uri, false, constants.Host);
            return 0;
        }
        return Evaluate(exchange, pass.Url!, out target);
    }

    /// <summary>nginx's <c>ngx_http_proxy_eval</c>.</summary>
    private static int Evaluate(Exchange exchange, ComplexValue value, out ProxyTarget target)
    {
        target = default;
        var url = Values.Evaluate(exchange, value);
        var scheme = StartsWith(url, "http://"u8) ? 7 : StartsWith(url, "https://"u8) ? 8 : 0;
        if (scheme == 0)
        {
            exchange.Log.Write(LogLevel.Error, $"invalid URL prefix in \"{url}\"");
            return 500;
        }
        var isTls = scheme == 8;
        var rest = url.Slice(scheme, url.Length - scheme);
        var isUnix = StartsWith(rest, "unix:"u8);
        var authorityEnd = isUnix ? rest.Span[5..].IndexOf((byte)':') is var colon and >= 0 ? colon + 5 : rest.Length : rest.Span.IndexOfAny((byte)'/', (byte)'?');
        authorityEnd = authorityEnd < 0 ? rest.Length : authorityEnd;
        var authority = rest.Slice(0, authorityEnd);
        var uriStart = isUnix && authorityEnd < rest.Length ? authorityEnd + 1 : authorityEnd;
        var uri = uriStart < rest.Length ? rest.Slice(uriStart, rest.Length - uriStart) : default;
        if (!uri.IsEmpty && uri.Span[0] == '?')
        {
            var slashed = exchange.Arena.Allocate(uri.Length + 1, out var withSlash);
            slashed[0] = (byte)'/';
            uri.Span.CopyTo(slashed[1..]);
            uri = withSlash;
        }
        if (authority.IsEmpty)
        {
            exchange.Log.Write(LogLevel.Error, $"no host in upstream \"{rest}\"");
            return 500;
        }
        var text = authority.ToString();
        var portColon = isUnix ? -1 : text.LastIndexOf(':') is var last && last > text.LastIndexOf(']') ? last : -1;
        exchange.Upstream.ProxyHost = isUnix ? new Bytes("localhost"u8.ToArray()) : authority;
        exchange.Upstream.ProxyPort = isUnix ? new Bytes([])
            : new Bytes(Encoding.ASCII.GetBytes(portColon < 0 ? isTls ? "443" : "80" : text[(portColon + 1)..]));
        var hostHeader = exchange.Upstream.ProxyHost;
        if (exchange.Generation.Backends.Upstreams.Find(text) is { } named)
        {
            target = new ProxyTarget(named, isTls, uri, !uri.IsEmpty, hostHeader);
            return 0;
        }
        if (AdHoc(text, isUnix, portColon, isTls ? 443 : 80) is not { } endPoint)
        {
            exchange.Log.Write(LogLevel.Error, $"no resolver defined to resolve {(portColon < 0 ? text : text[..portColon])}");
            return 502;
        }
        var state = exchange.Generation.Backends.AdHoc(text, endPoint);
        target = new ProxyTarget(state, isTls, uri, !uri.IsEmpty, hostHeader);
        return 0;
    }

    private static EndPoint? AdHoc(string authority, bool isUnix, int portColon, int defaultPort)
    {
        if (isUnix)
        {
            return new System.Net.Sockets.UnixDomainSocketEndPoint(ByteText.ToUnicode(authority[5..]));
        }
        var host = portColon < 0 ? authority : authority[..portColon];
        var port = defaultPort;
        if (portColon >= 0 && (!int.TryParse(authority[(portColon + 1)..], out port) || port is < 1 or > 65535))
        {
            return null;
        }
        return IPAddress.TryParse(host, out var address) && (host.Contains(':') || host.Count(c => c == '.') == 3)
            ? new IPEndPoint(address, port) : null;
    }

    private static bool StartsWith(Bytes text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && Ascii.EqualsIgnoreCase(text.Span[..lower.Length], lower);
}
