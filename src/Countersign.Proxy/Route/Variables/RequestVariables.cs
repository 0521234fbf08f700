using System.Security.Cryptography;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Variables about what the client asks (ngx_http_variables.c).</summary>
internal static class RequestVariables
{
    private static readonly Bytes Empty = VariableText.Empty;
    private static readonly Bytes QuestionMark = VariableText.Constant("?");
    private static readonly Bytes Http = VariableText.Constant("http");
    private static readonly Bytes Https = VariableText.Constant("https");
    private static readonly Bytes On = VariableText.Constant("on");

    public static VariableGetter? Find(string name)
    {
        if (name.StartsWith("http_", StringComparison.Ordinal))
        {
            return Header(name["http_".Length..]);
        }
        if (name.StartsWith("cookie_", StringComparison.Ordinal))
        {
            var cookie = Encoding.Latin1.GetBytes(name["cookie_".Length..]);
            return x => CookieText.Sent(x.Headers, cookie);
        }
        if (name.StartsWith("arg_", StringComparison.Ordinal))
        {
            var argument = Encoding.Latin1.GetBytes(name["arg_".Length..]);
            return x => Argument(x.Arguments, argument);
        }
        return name switch
        {
            "request" => x => x.RequestLine,
            "request_method" => x => x.MethodName,
            "request_uri" => x => x.UnparsedUri,
            "uri" or "document_uri" => x => x.Uri,
            "args" or "query_string" => x => x.Arguments,
            "is_args" => x => x.Arguments.IsEmpty ? Empty : QuestionMark,
            "scheme" => x => x.Client.Tls is null ? Http : Https,
            "https" => x => x.Client.Tls is null ? Empty : On,
            "host" => x => x.Host.IsEmpty ? VariableText.Latin(x, x.Server.Name) : x.Host,
            "request_port" => x => x.HostPort == 0 ? Empty : VariableText.Number(x, x.HostPort),
            "is_request_port" => x => x.HostPort == 0 ? Empty : Colon,
            "server_name" => x => VariableText.Latin(x, x.Server.Name),
            "server_protocol" => x => x.Protocol,
            "content_length" => ContentLength,
            "content_type" => Header("content_type"),
            "remote_user" => RemoteUser,
            "request_length" => x => VariableText.Number(x, x.RequestLength),
            "request_time" => x => VariableText.Seconds(x, x.Worker.Loop.Now - x.Started),
            "request_id" => RequestId,
            "request_completion" => x => x.IsComplete ? Ok : Empty,
            "request_body" => RequestBody,
            "request_body_file" => x => x.Body.File is { } file ? VariableText.Latin(x, ByteText.FromUnicode(file)) : default,
            "request_filename" => x => FilePath.OfRequest(x),
            "document_root" => x => FilePath.Root(x),
            "realpath_root" => x => FilePath.RealRoot(x),
            _ => null,
        };
    }

    private static readonly Bytes Colon = VariableText.Constant(":");
    private static readonly Bytes Ok = VariableText.Constant("OK");

    private static VariableGetter Header(string lower)
    {
        var name = Encoding.Latin1.GetBytes(lower);
        return lower switch
        {
            "host" => x => x.HostHeader,
            "cookie" => x => VariableText.Join(x, x.Headers, name, "; "u8),
            _ => x => VariableText.Join(x, x.Headers, name, ", "u8),
        };
    }

    /// <summary>ngx_http_arg: the first one of that name, in any case.</summary>
    private static Bytes Argument(Bytes arguments, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return default;
        }
        var at = 0;
        while (at < arguments.Length)
        {
            var rest = arguments.Span[at..];
            var end = rest.IndexOf((byte)'&') is var next and >= 0 ? at + next : arguments.Length;
            var length = end - at;
            if (length > name.Length && rest[name.Length] == '=' && Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                return arguments.Slice(at + name.Length + 1, length - name.Length - 1);
            }
            at = end + 1;
        }
        return default;
    }

    private static Bytes ContentLength(Exchange exchange)
    {
        var header = exchange.Headers.Find("Content-Length"u8);
        if (!header.IsNull)
        {
            return header;
        }
        // What came in chunks has a length once it has all been read.
        return exchange is { IsChunked: true, Body: { IsBegun: true, IsDone: true } body }
            ? VariableText.Number(exchange, exchange.IsBodyDiscarded ? 0 : body.Received) : default;
    }

    private static Bytes RequestBody(Exchange exchange) => exchange.Body.InMemory;

    /// <summary>ngx_http_auth_basic_user: the name of a Basic authorization, when a colon follows it.</summary>
    private static Bytes RemoteUser(Exchange exchange)
    {
        var header = exchange.Headers.Find("Authorization"u8);
        if (header.Length < 7 || !header.Slice(0, 6).EqualsIgnoreCase("Basic "u8))
        {
            return default;
        }
        var decoded = LenientBase64.Decode(exchange.Arena, header.Span[6..].TrimStart((byte)' '));
        var colon = decoded.Span.IndexOf((byte)':');
        return colon <= 0 ? default : decoded.Slice(0, colon);
    }

    private static Bytes RequestId(Exchange exchange)
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        Convert.TryToHexStringLower(random, exchange.Arena.Allocate(32, out var id), out _);
        return id;
    }
}
