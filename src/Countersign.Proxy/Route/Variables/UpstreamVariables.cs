using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Variables about the backends a request has been to (ngx_http_upstream_module, ngx_http_proxy_module).</summary>
internal static class UpstreamVariables
{
    private delegate void Writer(ref ArenaText text, UpstreamAttempt attempt);

    public static VariableGetter? Find(string name)
    {
        if (Prefixed(name, "upstream_http_") is { } header)
        {
            return x => VariableText.Join(x, x.Upstream.Headers, header, ", "u8);
        }
        if (Prefixed(name, "upstream_trailer_") is { } trailer)
        {
            return x => VariableText.Join(x, x.Upstream.Trailers, trailer, ", "u8);
        }
        if (Prefixed(name, "upstream_cookie_") is { } cookie)
        {
            return x => CookieText.Set(x.Upstream.Headers, cookie);
        }
        return name switch
        {
            "proxy_host" => x => x.Upstream.ProxyHost,
            "proxy_port" => x => x.Upstream.ProxyPort,
            "proxy_add_x_forwarded_for" => ForwardedFor,
            "proxy_internal_body_length" => x => x.Upstream.ProxyHost.IsNull || x.Upstream.InternalBodyLength < 0
                ? default : VariableText.Number(x, x.Upstream.InternalBodyLength),
            "proxy_internal_chunked" => x => x.Upstream.ProxyHost.IsNull || x.Upstream.InternalBodyLength >= 0 || !x.IsChunked ? default : Chunked,
            "upstream_addr" => List((ref text, attempt) => text.Add(attempt.Peer)),
            "upstream_status" => List((ref text, attempt) =>
            {
                if (attempt.Status == 0)
                {
                    text.Add("-"u8);
                }
                else
                {
                    text.Add(attempt.Status);
                }
            }),
            "upstream_connect_time" => List((ref text, attempt) => Time(ref text, attempt.ConnectTime)),
            "upstream_header_time" => List((ref text, attempt) => Time(ref text, attempt.HeaderTime)),
            "upstream_response_time" => List((ref text, attempt) => Time(ref text, attempt.ResponseTime)),
            "upstream_response_length" => List((ref text, attempt) => text.Add(attempt.ResponseLength)),
            "upstream_bytes_received" => List((ref text, attempt) => text.Add(attempt.BytesReceived)),
            "upstream_bytes_sent" => List((ref text, attempt) => text.Add(attempt.BytesSent)),
            // Nothing is cached yet.
            "upstream_cache_status" or "upstream_cache_last_modified" or "upstream_cache_etag" => _ => default,
            _ => null,
        };
    }

    private static byte[]? Prefixed(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(name[prefix.Length..]) : null;

    /// <summary>One value for each backend tried: a comma between two of one proxy_pass, a colon where another began, in nginx's very order.</summary>
    private static VariableGetter List(Writer write) => exchange =>
    {
        var attempts = exchange.Upstream.Attempts;
        if (attempts.IsEmpty)
        {
            return default;
        }
        var text = new ArenaText(exchange.Arena);
        for (var index = 0; index < attempts.Length; index++)
        {
            write(ref text, attempts[index]);
            if (index + 1 < attempts.Length && !attempts[index + 1].IsSeparator)
            {
                text.Add(", "u8);
            }
            else if (++index < attempts.Length)
            {
                text.Add(" : "u8);
            }
        }
        return text.ToBytes();
    };

    private static void Time(ref ArenaText text, long milliseconds)
    {
        if (milliseconds < 0)
        {
            text.Add("-"u8);
        }
        else
        {
            text.AddSeconds(milliseconds);
        }
    }

    private static Bytes ForwardedFor(Exchange exchange)
    {
        var earlier = VariableText.Join(exchange, exchange.Headers, ForwardedForName, ", "u8);
        if (earlier.IsNull)
        {
            return new Bytes(exchange.Client.PeerText);
        }
        var text = new ArenaText(exchange.Arena);
        text.Add(earlier);
        text.Add(", "u8);
        text.Add(exchange.Client.PeerText);
        return text.ToBytes();
    }

    private static readonly Bytes Chunked = VariableText.Constant("chunked");
    private static readonly byte[] ForwardedForName = "x_forwarded_for"u8.ToArray();
}
