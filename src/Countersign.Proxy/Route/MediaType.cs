using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>types and default_type: the media type of what the URI's extension names.</summary>
internal static class MediaType
{
    /// <summary>A type that is there already stays: X-Accel-Redirect keeps the backend's.</summary>
    public static Bytes Of(Exchange exchange)
    {
        if (!exchange.Response.ContentType.IsEmpty)
        {
            return exchange.Response.ContentType;
        }
        var core = exchange.Location.Core;
        var extension = Extension(exchange.Uri);
        if (!extension.IsEmpty && core.Types.TryGetValue(Encoding.Latin1.GetString(extension).ToLowerInvariant(), out var type))
        {
            return new Bytes(ByteText.ToBytes(type));
        }
        return core.DefaultType.Length == 0 ? default : new Bytes(ByteText.ToBytes(core.DefaultType));
    }

    /// <summary>Behind the last dot of the last segment, unless the segment begins with it (<c>ngx_http_set_exten</c>).</summary>
    internal static ReadOnlySpan<byte> Extension(ReadOnlySpan<byte> uri)
    {
        for (var at = uri.Length - 1; at > 1; at--)
        {
            if (uri[at] == '/')
            {
                break;
            }
            if (uri[at] == '.' && uri[at - 1] != '/')
            {
                return uri[(at + 1)..];
            }
        }
        return default;
    }
}
