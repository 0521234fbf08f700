namespace Countersign.Proxy.Handshake;

/// <summary>A host as SNI, the request line or the Host header has it, checked by nginx's rules (<c>ngx_http_validate_host</c>).</summary>
public static class HostName
{
    private enum State { Start, Name, Literal, End, Port }

    /// <summary>Checks <paramref name="host"/> and says which part of it is the name: without port and without the root's dot.</summary>
    /// <param name="length">Of the name, from the start.</param>
    /// <param name="port">0 without one.</param>
    public static bool TryValidate(ReadOnlySpan<byte> host, out int length, out int port)
    {
        var state = State.Start;
        var dot = -1;
        length = host.Length;
        port = 0;
        for (var at = 0; at < host.Length; at++)
        {
            var b = host[at];
            switch (state)
            {
                case State.Start when b == '[':
                    state = State.Literal;
                    break;
                case State.Start or State.Name when b == ':':
                    length = at;
                    state = State.Port;
                    break;
                case State.Literal when b == ']':
                    length = at + 1;
                    state = State.End;
                    break;
                case State.Start or State.Name or State.Literal:
                    if (b == '.')
                    {
                        if (dot >= 0 && dot == at - 1)
                        {
                            return false;
                        }
                        dot = at;
                    }
                    else if (!IsHostByte(b) && !(state == State.Literal ? b == ':' : b == '%'))
                    {
                        return false;
                    }
                    state = state == State.Literal ? State.Literal : State.Name;
                    break;
                case State.End:
                    if (b != ':')
                    {
                        return false;
                    }
                    state = State.Port;
                    break;
                case State.Port:
                    port = (port * 10) + b - '0';
                    if (b is < (byte)'0' or > (byte)'9' || port > 65535)
                    {
                        return false;
                    }
                    break;
            }
        }
        if (state == State.Literal)
        {
            return false;
        }
        if (dot >= 0 && dot == length - 1)
        {
            length--;
        }
        return length > 0;
    }

    private static bool IsHostByte(byte b) =>
        (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'z' || b is >= (byte)'0' and <= (byte)'9' || "-_~!$&'()*+,;="u8.Contains(b);
}
