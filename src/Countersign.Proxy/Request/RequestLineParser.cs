namespace Countersign.Proxy.Request;

public enum LineResult { Incomplete, Done, InvalidMethod, InvalidRequest, InvalidVersion, InvalidHttp09Method }

/// <summary>
/// The request line as nginx reads it (<c>ngx_http_parse_request_line</c>): byte by byte, so that nonsense is refused at its first
/// byte and a slow sender never makes it start over. Offsets are into the buffer of the head.
/// </summary>
public sealed class RequestLineParser
{
    private enum State
    {
        Start, Method, BeforeUri, Scheme, SchemeSlash, SchemeSlashSlash, BeforeAuthority, Authority,
        AfterSlash, Path, Rest, BeforeProtocol, Protocol, AfterProtocol, AlmostDone,
    }

    private State _state;
    private int _position;
    private AuthorityParser _authority;
    private ProtocolParser _protocol;
    private bool _isConnect;

    /// <summary>First byte of the line: blank lines before it are skipped.</summary>
    public int Start { get; private set; }
    /// <summary>Just past the last byte of the line, line end excluded.</summary>
    public int End { get; private set; }
    /// <summary>Just past the line feed.</summary>
    public int Next => _position;
    public int MethodEnd { get; private set; }
    public int SchemeStart { get; private set; }
    public int SchemeEnd { get; private set; }
    /// <summary>Host, with port where there is one, of an absolute URI or of CONNECT, or -1.</summary>
    public int HostStart { get; private set; }
    public int HostEnd { get; private set; }
    public int UriStart { get; private set; }
    public int UriEnd { get; private set; }
    /// <summary>Just past the first question mark, or -1.</summary>
    public int ArgumentsStart { get; private set; }
    /// <summary>The path needs <see cref="UriNormalizer"/>: <c>/.</c>, <c>//</c>, <c>#</c> or a percent sign is in it.</summary>
    public bool NeedsNormalizing { get; private set; }
    /// <summary><c>http://host?args</c>: the path is <c>/</c> though it is not written.</summary>
    public bool EmptyPath { get; private set; }
    /// <summary>9, 1000 or 1001, as nginx counts.</summary>
    public int Version { get; private set; }
    /// <summary>Where <c>HTTP/</c> begins, or -1 with HTTP/0.9.</summary>
    public int ProtocolStart { get; private set; }

    public void Reset(int start)
    {
        _state = State.Start;
        _position = Start = start;
        _authority = default;
        _protocol = default;
        _isConnect = false;
        Version = 0;
        End = MethodEnd = HostStart = HostEnd = SchemeStart = SchemeEnd = ArgumentsStart = ProtocolStart = -1;
        UriStart = UriEnd = 0;
        NeedsNormalizing = EmptyPath = false;
    }

    /// <summary>Goes on where it stopped. <paramref name="head"/> is the buffer from its first byte.</summary>
    public LineResult Parse(ReadOnlySpan<byte> head)
    {
        for (; _position < head.Length; _position++)
        {
            var at = _position;
            var b = head[at];
            switch (_state)
            {
                case State.Start:
                    Start = at;
                    if (b is (byte)'\r' or (byte)'\n')
                    {
                        break;
                    }
                    if (!IsMethodByte(b))
                    {
                        return LineResult.InvalidMethod;
                    }
                    _state = State.Method;
                    break;
                case State.Method:
                    if (b == ' ')
                    {
                        MethodEnd = at;
                        _isConnect = head[Start..at].SequenceEqual("CONNECT"u8);
                        _state = _isConnect ? State.BeforeAuthority : State.BeforeUri;
                    }
                    else if (!IsMethodByte(b))
                    {
                        return LineResult.InvalidMethod;
                    }
                    break;
                case State.BeforeUri:
                    if (b == '/')
                    {
                        UriStart = at;
                        _state = State.AfterSlash;
                    }
                    else if (IsLetter(b))
                    {
                        SchemeStart = at;
                        _state = State.Scheme;
                    }
                    else if (b != ' ')
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.Scheme:
                    if (b == ':')
                    {
                        SchemeEnd = at;
                        _state = State.SchemeSlash;
                    }
                    else if (!IsLetter(b) && !IsDigit(b) && b is not ((byte)'+' or (byte)'-' or (byte)'.'))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.SchemeSlash or State.SchemeSlashSlash:
                    if (b != '/')
                    {
                        return LineResult.InvalidRequest;
                    }
                    if (_state == State.SchemeSlash)
                    {
                        _state = State.SchemeSlashSlash;
                        break;
                    }
                    HostStart = at + 1;
                    _state = State.Authority;
                    break;
                case State.BeforeAuthority when b == ' ':
                    break;
                case State.BeforeAuthority or State.Authority:
                    if (_state == State.BeforeAuthority)
                    {
                        HostStart = at;
                        _state = State.Authority;
                    }
                    var authority = _authority.Next(b);
                    if (authority == AuthorityResult.Invalid || (authority == AuthorityResult.Ended && !AfterAuthority(b, at)))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.AfterSlash or State.Path or State.Rest:
                    if (b == '\n')
                    {
                        UriEnd = at;
                        return Finish(at, head);
                    }
                    if (!Uri(b, at))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.BeforeProtocol when b == ' ':
                    break;
                case State.BeforeProtocol when b == 'H':
                    ProtocolStart = at;
                    _state = State.Protocol;
                    break;
                case State.Protocol:
                    var protocol = _protocol.Next(b);
                    if (protocol is ProtocolResult.InvalidRequest or ProtocolResult.InvalidVersion)
                    {
                        return protocol == ProtocolResult.InvalidVersion ? LineResult.InvalidVersion : LineResult.InvalidRequest;
                    }
                    if (protocol == ProtocolResult.Ended)
                    {
                        Version = 1000 + _protocol.Minor;
                        _state = State.AfterProtocol;
                        // The same byte again: it follows the protocol.
                        _position--;
                    }
                    else if (_isConnect && b == '/')
                    {
                        // As nginx: the URI of CONNECT is the single slash in HTTP/, so that it lies in the buffer.
                        (UriStart, UriEnd) = (at, at + 1);
                    }
                    break;
                case State.AfterProtocol when b == ' ':
                    break;
                case State.BeforeProtocol or State.AfterProtocol:
                    switch (b)
                    {
                        case (byte)'\r':
                            End = at;
                            _state = State.AlmostDone;
                            break;
                        case (byte)'\n':
                            return Finish(at, head);
                        default:
                            return LineResult.InvalidRequest;
                    }
                    break;
                case State.AlmostDone:
                    return b == '\n' ? Finish(at, head) : LineResult.InvalidRequest;
            }
        }
        return LineResult.Incomplete;
    }

    private bool AfterAuthority(byte b, int at)
    {
        HostEnd = at;
        if (_isConnect)
        {
            _state = State.BeforeProtocol;
            return b == ' ' && _authority.HasPort;
        }
        switch (b)
        {
            case (byte)'/':
                UriStart = at;
                _state = State.AfterSlash;
                return true;
            case (byte)'?':
                UriStart = at;
                ArgumentsStart = at + 1;
                EmptyPath = true;
                _state = State.Rest;
                return true;
            case (byte)' ':
                // As nginx: the URI is the single slash after the scheme, so that it lies in the buffer.
                UriStart = SchemeEnd + 1;
                UriEnd = SchemeEnd + 2;
                _state = State.BeforeProtocol;
                return true;
            default:
                return false;
        }
    }

    private bool Uri(byte b, int at)
    {
        switch (b)
        {
            case (byte)' ':
                UriEnd = at;
                _state = State.BeforeProtocol;
                return true;
            case (byte)'\r':
                UriEnd = End = at;
                _state = State.AlmostDone;
                return true;
            case < 0x20 or 0x7f:
                return false;
        }
        if (_state == State.Rest)
        {
            NeedsNormalizing |= b == '#';
            return true;
        }
        switch (b)
        {
            case (byte)'?':
                ArgumentsStart = at + 1;
                _state = State.Rest;
                break;
            case (byte)'%' or (byte)'#':
                NeedsNormalizing = true;
                _state = State.Rest;
                break;
            case (byte)'/' when _state == State.Path:
                _state = State.AfterSlash;
                break;
            case (byte)'/' or (byte)'.' when _state == State.AfterSlash:
                NeedsNormalizing = true;
                _state = State.Rest;
                break;
            case (byte)'+' when _state == State.AfterSlash:
                break;
            default:
                _state = State.Path;
                break;
        }
        return true;
    }

    private LineResult Finish(int lineFeed, ReadOnlySpan<byte> head)
    {
        End = End < 0 ? lineFeed : End;
        _position = lineFeed + 1;
        if (ProtocolStart < 0)
        {
            Version = 9;
        }
        return Version == 9 && !head[Start..MethodEnd].SequenceEqual("GET"u8) ? LineResult.InvalidHttp09Method : LineResult.Done;
    }

    private static bool IsMethodByte(byte b) => b is (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)'-';

    private static bool IsLetter(byte b) => (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'z';

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
