namespace Countersign.Proxy.Request;

internal enum AuthorityResult { Incomplete, Ended, Invalid }

/// <summary>Host and port in a request line, of an absolute URI or of CONNECT, byte by byte as nginx reads them: letters, digits,
/// dots and dashes, or anything in brackets that may stand in an address literal.</summary>
internal struct AuthorityParser
{
    private enum State { HostStart, Host, HostEnd, Literal, PortStart, Port }

    private State _state;

    /// <summary>A colon and at least one digit have been read.</summary>
    public bool HasPort { get; private set; }

    /// <summary><see cref="AuthorityResult.Ended"/>: this byte is no part of it; whether it may follow is the caller's to say.</summary>
    public AuthorityResult Next(byte b)
    {
        switch (_state)
        {
            case State.HostStart when b == '[':
                _state = State.Literal;
                return AuthorityResult.Incomplete;
            case State.HostStart or State.Host when char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-':
                _state = State.Host;
                return AuthorityResult.Incomplete;
            case State.HostStart or State.Host or State.HostEnd when b == ':':
                _state = State.PortStart;
                return AuthorityResult.Incomplete;
            case State.Literal when b == ']':
                _state = State.HostEnd;
                return AuthorityResult.Incomplete;
            case State.Literal:
                return char.IsAsciiLetterOrDigit((char)b) || ":-._~!$&'()*+,;="u8.Contains(b) ? AuthorityResult.Incomplete : AuthorityResult.Invalid;
            case State.PortStart or State.Port when char.IsAsciiDigit((char)b):
                _state = State.Port;
                HasPort = true;
                return AuthorityResult.Incomplete;
            default:
                return AuthorityResult.Ended;
        }
    }
}
