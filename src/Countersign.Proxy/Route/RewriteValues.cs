using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>
/// Values as the rewrite module's own script works them out: captures of a URI that came escaped are escaped again where they become
/// arguments or part of a redirect. Everywhere else <see cref="Values.Evaluate"/> is right.
/// </summary>
internal static class RewriteValues
{
    /// <summary>For set and the operands of if.</summary>
    public static Bytes Evaluate(Exchange exchange, ComplexValue value, bool escapesCaptures) =>
        escapesCaptures && HasCapture(value) ? Compose(exchange, value, true, out _) : Values.Evaluate(exchange, value);

    /// <summary>For the replacement of a rewrite: from its question mark on, captures are escaped in any case.</summary>
    /// <param name="argumentsStart">Where the arguments begin, the question mark itself being left out; -1 without.</param>
    public static Bytes Compose(Exchange exchange, ComplexValue value, bool escapesCaptures, out int argumentsStart)
    {
        argumentsStart = -1;
        var pieces = new Bytes[value.Parts.Length];
        var length = 0;
        var wasEscaped = CameEscaped(exchange.UnparsedUri);
        for (var index = 0; index < pieces.Length; index++)
        {
            ref readonly var part = ref value.Parts[index];
            if (part.StartsArguments)
            {
                argumentsStart = length;
                continue;
            }
            pieces[index] = part switch
            {
                { Literal: { } literal } => new Bytes(literal),
                { Capture: > 0 } => Capture(exchange, part.Capture, wasEscaped && (escapesCaptures || argumentsStart >= 0)),
                _ => Values.Variable(exchange, part.Variable),
            };
            length += pieces[index].Length;
        }
        var result = exchange.Arena.Allocate(length, out var bytes);
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(result);
            result = result[piece.Length..];
        }
        return bytes;
    }

    private static Bytes Capture(Exchange exchange, int number, bool escapes)
    {
        if (exchange.Captures?.Groups[number] is not { Success: true } group)
        {
            return default;
        }
        var text = System.Text.Encoding.Latin1.GetBytes(group.Value);
        return new Bytes(escapes ? UriText.EscapeArguments(text) : text);
    }

    /// <summary>nginx's quoted_uri and plus_in_uri: a percent or plus sign before the question mark.</summary>
    private static bool CameEscaped(ReadOnlySpan<byte> uri)
    {
        var mark = uri.IndexOf((byte)'?');
        return (mark < 0 ? uri : uri[..mark]).IndexOfAny((byte)'%', (byte)'+') >= 0;
    }

    private static bool HasCapture(ComplexValue value)
    {
        foreach (ref readonly var part in value.Parts.AsSpan())
        {
            if (part.Capture > 0)
            {
                return true;
            }
        }
        return false;
    }
}
