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
        Start, Method, BeforeUri, Scheme, SchemeSlash, SchemeSlashSlash, HostStart, Host, HostEnd, HostLiteral, PortStart, Port,
        AfterSlash, Path, Rest, BeforeVersion, H, HT, HTT, HTTP, FirstMajor, Major, FirstMinor, Minor, AfterVersion, AlmostDone,
    }

    private State _state;
    private int _position;
    private int _major;
    private int _minor;

    /// <summary>First byte of the line: blank lines before it are skipped.</summary>
    public int Start { get; private set; }
    /// <summary>Just past the last byte of the line, line end excluded.</summary>
    public int End { get; private set; }
    /// <summary>Just past the line feed.</summary>
    public int Next => _position;
    public int MethodEnd { get; private set; }
    public int SchemeStart { get; private set; }
    public int SchemeEnd { get; private set; }
    /// <summary>Host of an absolute URI, or -1.</summary>
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
    public int Version => (_major * 1000) + _minor;
    /// <summary>Where <c>HTTP/</c> begins, or -1 with HTTP/0.9.</summary>
    public int ProtocolStart { get; private set; }

    public void Reset(int start)
    {
        _state = State.Start;
        _position = Start = start;
        _major = _minor = 0;
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
                        _state = State.BeforeUri;
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
                    _state = _state == State.SchemeSlash ? State.SchemeSlashSlash : State.HostStart;
                    break;
                case State.HostStart or State.Host or State.HostEnd or State.PortStart or State.Port:
                    if (!Authority(b, at))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.HostLiteral:
                    if (b == ']')
                    {
                        _state = State.HostEnd;
                    }
                    else if (!IsLetter(b) && !IsDigit(b) && !":-._~!$&'()*+,;="u8.Contains(b))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.AfterSlash or State.Path or State.Rest:
                    if (b == '\n')
                    {
                        return Http09(at, head);
                    }
                    if (!Uri(b, at))
                    {
                        return LineResult.InvalidRequest;
                    }
                    break;
                case State.BeforeVersion:
                    switch (b)
                    {
                        case (byte)' ':
                            break;
                        case (byte)'\r':
                            _minor = 9;
                            End = at;
                            _state = State.AlmostDone;
                            break;
                        case (byte)'\n':
                            _minor = 9;
                            return Finish(at, head);
                        case (byte)'H':
                            ProtocolStart = at;
                            _state = State.H;
                            break;
                        default:
                            return LineResult.InvalidRequest;
                    }
                    break;
                case State.H or State.HT or State.HTT or State.HTTP:
                    if (b != "TTP/"u8[_state - State.H])
                    {
                        return LineResult.InvalidRequest;
                    }
                    _state++;
                    break;
                case State.FirstMajor:
                    if (b is < (byte)'1' or > (byte)'9')
                    {
                        return LineResult.InvalidRequest;
                    }
                    _major = b - '0';
                    if (_major > 1)
                    {
                        return LineResult.InvalidVersion;
                    }
                    _state = State.Major;
                    break;
                case State.Major:
                    if (b == '.')
                    {
                        _state = State.FirstMinor;
                        break;
                    }
                    return IsDigit(b) ? LineResult.InvalidVersion : LineResult.InvalidRequest;
                case State.FirstMinor:
                    if (!IsDigit(b))
                    {
                        return LineResult.InvalidRequest;
                    }
                    _minor = b - '0';
                    _state = State.Minor;
                    break;
                case State.Minor or State.AfterVersion:
                    if (b == '\r')
                    {
                        End = End < 0 ? at : End;
                        _state = State.AlmostDone;
                    }
                    else if (b == '\n')
                    {
                        return Finish(at, head);
                    }
                    else if (b == ' ')
                    {
                        _state = State.AfterVersion;
                    }
                    else if (_state == State.AfterVersion || !IsDigit(b) || _minor > 99)
                    {
                        return LineResult.InvalidRequest;
                    }
                    else
                    {
                        _minor = (_minor * 10) + (b - '0');
                    }
                    break;
                case State.AlmostDone:
                    return b == '\n' ? Finish(at, head) : LineResult.InvalidRequest;
            }
        }
        return LineResult.Incomplete;
    }

    /// <summary>Host and port of an absolute URI.</summary>
    private bool Authority(byte b, int at)
    {
        if (_state == State.HostStart)
        {
            HostStart = at;
            if (b == '[')
            {
                _state = State.HostLiteral;
                return true;
            }
            _state = State.Host;
        }
        if (_state == State.Host && (IsLetter(b) || IsDigit(b) || b is (byte)'.' or (byte)'-'))
        {
            return true;
        }
        if (_state is State.PortStart or State.Port)
        {
            _state = State.Port;
            if (IsDigit(b))
            {
                return true;
            }
        }
        else if (b == ':')
        {
            _state = State.PortStart;
            return true;
        }
        HostEnd = at;
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
                _state = State.BeforeVersion;
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
                _state = State.BeforeVersion;
                return true;
            case (byte)'\r':
                UriEnd = End = at;
                _minor = 9;
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

    private LineResult Http09(int at, ReadOnlySpan<byte> head)
    {
        UriEnd = at;
        _minor = 9;
        return Finish(at, head);
    }

    private LineResult Finish(int lineFeed, ReadOnlySpan<byte> head)
    {
        End = End < 0 ? lineFeed : End;
        _position = lineFeed + 1;
        return Version == 9 && !head[Start..MethodEnd].SequenceEqual("GET"u8) ? LineResult.InvalidHttp09Method : LineResult.Done;
    }

    private static bool IsMethodByte(byte b) => b is (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)'-';

    private static bool IsLetter(byte b) => (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'z';

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
