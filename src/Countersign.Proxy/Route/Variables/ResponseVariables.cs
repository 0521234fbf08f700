using System.Buffers.Text;
using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Variables about the answer.</summary>
internal static class ResponseVariables
{
    private static readonly Bytes Upgrade = VariableText.Constant("upgrade");
    private static readonly Bytes KeepAlive = VariableText.Constant("keep-alive");
    private static readonly Bytes Close = VariableText.Constant("close");
    private static readonly Bytes Chunked = VariableText.Constant("chunked");

    public static VariableGetter? Find(string name)
    {
        if (name.StartsWith("sent_http_", StringComparison.Ordinal))
        {
            return Header(name["sent_http_".Length..]);
        }
        if (name.StartsWith("sent_trailer_", StringComparison.Ordinal))
        {
            var trailer = Encoding.Latin1.GetBytes(name["sent_trailer_".Length..]);
            return x => VariableText.Join(x, x.Response.Trailers, trailer, ", "u8);
        }
        return name switch
        {
            "status" => Status,
            "bytes_sent" => x => VariableText.Number(x, x.Writer.BytesSent),
            "body_bytes_sent" => x => VariableText.Number(x, Math.Max(0, x.Writer.BytesSent - x.Writer.HeadLength)),
            "limit_rate" => x => VariableText.Number(x, Math.Max(0, x.Writer.LimitRate)),
            _ => null,
        };
    }

    private static Bytes Status(Exchange exchange)
    {
        var status = exchange.ErrorStatus != 0 ? exchange.ErrorStatus
            : exchange.Response.Status != 0 ? exchange.Response.Status
            : exchange.Version == 9 ? 9 : 0;
        var text = exchange.Arena.Allocate(3, out var bytes);
        text[0] = (byte)('0' + (status / 100));
        text[1] = (byte)('0' + (status / 10 % 10));
        text[2] = (byte)('0' + (status % 10));
        return bytes;
    }

    private static VariableGetter Header(string lower)
    {
        var name = Encoding.Latin1.GetBytes(lower);
        return lower switch
        {
            "content_type" => ContentType,
            "content_length" => x => x.Response.ContentLength >= 0 ? VariableText.Number(x, x.Response.ContentLength) : default,
            "location" => x => x.Response.Location.IsNull ? x.Response.Headers.Find("Location"u8) : x.Response.Location,
            "last_modified" => LastModified,
            "connection" => x => x.Response.Status == 101 ? Upgrade : x.KeepAlive ? KeepAlive : Close,
            "keep_alive" => KeepAliveHeader,
            "transfer_encoding" => x => x.Writer.IsChunked ? Chunked : default,
            _ => x => VariableText.Join(x, x.Response.Headers, name, ", "u8),
        };
    }

    private static Bytes ContentType(Exchange exchange)
    {
        var response = exchange.Response;
        if (response.ContentType.IsEmpty)
        {
            return default;
        }
        if (response.Charset.IsEmpty)
        {
            return response.ContentType;
        }
        var text = new ArenaText(exchange.Arena);
        text.Add(response.ContentType);
        text.Add("; charset="u8);
        text.Add(response.Charset);
        return text.ToBytes();
    }

    private static Bytes LastModified(Exchange exchange)
    {
        var response = exchange.Response;
        if (!response.LastModifiedText.IsNull || response.LastModified < 0)
        {
            return response.LastModifiedText;
        }
        const int DateLength = 29;
        _ = Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeSeconds(response.LastModified), exchange.Arena.Allocate(DateLength, out var date), out _, 'R');
        return date;
    }

    private static Bytes KeepAliveHeader(Exchange exchange) =>
        exchange is { KeepAlive: true, Location.Core.KeepaliveHeader: { TotalSeconds: > 0 } time }
            ? VariableText.Latin(exchange, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"timeout={(long)time.TotalSeconds}")) : default;
}
