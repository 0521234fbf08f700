using System.Buffers;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// Keeps what variables put into a request from ending its line. Of $uri and $ssl_server_name the client decides every byte: what stands behind a line
/// end would be a header of its own to the backend, which takes it for the gate's. nginx sends it so, and a server that is compatible with it.
/// </summary>
internal static class SingleLine
{
    private static readonly SearchValues<byte> Ends = SearchValues.Create("\r\n\0"u8);

    /// <summary>A header's value with a space in place of each (RFC 9110 section 5.5). Where a line is folded, as in $ssl_client_cert, it stays so.</summary>
    public static Bytes Value(Exchange exchange, Bytes value)
    {
        var at = NextEnd(value.Span, 0);
        if (at < 0 || exchange.Server.Ssl.NginxCompatibility)
        {
            return value;
        }
        var text = exchange.Arena.Allocate(value.Length, out var line);
        value.Span.CopyTo(text);
        for (; at >= 0; at = NextEnd(text, at + 1))
        {
            text[at] = (byte)' ';
        }
        return line;
    }

    // One that is no fold. A PEM of twenty lines comes by with each request: it is looked through and not copied.
    private static int NextEnd(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from; ; at++)
        {
            var next = text[at..].IndexOfAny(Ends);
            if (next < 0)
            {
                return -1;
            }
            at += next;
            if (FoldAt(text[at..]) is var fold and > 0)
            {
                at += fold;
            }
            else
            {
                return at;
            }
        }
    }

    /// <summary>A URI with each of them escaped.</summary>
    public static void AddUri(Exchange exchange, ref ArenaText text, ReadOnlySpan<byte> uri)
    {
        for (int end; !exchange.Server.Ssl.NginxCompatibility && (end = uri.IndexOfAny((byte)'\r', (byte)'\n')) >= 0; uri = uri[(end + 1)..])
        {
            text.Add(uri[..end]);
            text.Add(uri[end] == '\r' ? "%0D"u8 : "%0A"u8);
        }
        text.Add(uri);
    }

    /// <returns>How far its space or tab stands behind the line end; 0 for no fold.</returns>
    private static int FoldAt(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'\n', (byte)' ' or (byte)'\t', ..] => 1,
        [(byte)'\r', (byte)'\n', (byte)' ' or (byte)'\t', ..] => 2,
        _ => 0,
    };
}
