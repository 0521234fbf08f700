namespace Countersign.Proxy.Request;

/// <summary>
/// The path of a request as locations see it (<c>ngx_http_parse_complex_uri</c>): percent signs decoded once, <c>/./</c> and
/// <c>/../</c> resolved, slashes merged. A path that climbs above the root is refused, so no file outside it can be named.
/// </summary>
public static class UriNormalizer
{
    private enum State { Usual, Slash, Dot, DotDot }

    /// <summary>Writes the path to <paramref name="path"/> (as long as <paramref name="raw"/> plus one is enough).</summary>
    /// <param name="raw">The URI as it came, without the fragment's bytes interpreted.</param>
    /// <param name="argumentsStart">Offset in <paramref name="raw"/> just past the question mark, or -1.</param>
    /// <param name="argumentsEnd">Where the arguments end: at a <c>#</c> or the end.</param>
    /// <returns>Bytes written, or -1 when nginx answers 400.</returns>
    public static int Normalize(
        ReadOnlySpan<byte> raw, bool emptyPath, bool mergeSlashes, Span<byte> path, out int argumentsStart, out int argumentsEnd)
    {
        argumentsStart = -1;
        argumentsEnd = raw.Length;
        var length = 0;
        if (emptyPath)
        {
            path[length++] = (byte)'/';
        }
        var state = State.Usual;
        for (var at = 0; at < raw.Length; at++)
        {
            var b = raw[at];
            var decoded = false;
            if (b == '%')
            {
                if (at + 2 >= raw.Length || !TryHex(raw[at + 1], out var high) || !TryHex(raw[at + 2], out var low))
                {
                    return -1;
                }
                b = (byte)((high << 4) | low);
                if (b == 0)
                {
                    return -1;
                }
                at += 2;
                // As nginx: a decoded %, # or ? is a plain character; a decoded slash or dot has its meaning.
                decoded = b is (byte)'%' or (byte)'#' or (byte)'?';
            }
            if (!decoded && (b is (byte)'?' or (byte)'#'))
            {
                if (!Leave(state, path, ref length))
                {
                    return -1;
                }
                if (b == '?')
                {
                    argumentsStart = at + 1;
                    var fragment = raw[argumentsStart..].IndexOf((byte)'#');
                    argumentsEnd = fragment < 0 ? raw.Length : argumentsStart + fragment;
                }
                return length;
            }
            switch (b)
            {
                case (byte)'/':
                    switch (state)
                    {
                        case State.Slash when mergeSlashes:
                            break;
                        case State.Dot:
                            length--;
                            break;
                        case State.DotDot:
                            if (!Climb(path, ref length))
                            {
                                return -1;
                            }
                            break;
                        default:
                            path[length++] = b;
                            break;
                    }
                    state = State.Slash;
                    break;
                case (byte)'.':
                    path[length++] = b;
                    state = state switch { State.Slash => State.Dot, State.Dot => State.DotDot, _ => State.Usual };
                    break;
                default:
                    path[length++] = b;
                    state = State.Usual;
                    break;
            }
        }
        return Leave(state, path, ref length) ? length : -1;
    }

    /// <summary>The path ends inside <c>/.</c> or <c>/..</c>: they are resolved as if a slash followed.</summary>
    private static bool Leave(State state, ReadOnlySpan<byte> path, ref int length)
    {
        if (state == State.Dot)
        {
            length--;
        }
        return state != State.DotDot || Climb(path, ref length);
    }

    /// <summary>From <c>/a/b/..</c> back to <c>/a/</c>.</summary>
    private static bool Climb(ReadOnlySpan<byte> path, ref int length)
    {
        var above = length - 4;
        if (above < 0)
        {
            return false;
        }
        var slash = path[..(above + 1)].LastIndexOf((byte)'/');
        if (slash < 0)
        {
            return false;
        }
        length = slash + 1;
        return true;
    }

    private static bool TryHex(byte b, out int value)
    {
        value = b switch
        {
            >= (byte)'0' and <= (byte)'9' => b - '0',
            >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}
