namespace Countersign.Proxy.Request;

public enum HeaderResult { Incomplete, Line, End, Invalid }

/// <summary>
/// Header lines as nginx reads them (<c>ngx_http_parse_header_line</c>), resumable at any byte. Bare line feeds end a line; a space
/// or control byte in a name (so also a folded line and a space before the colon) is <see cref="HeaderResult.Invalid"/>, and
/// so is NUL in a value. Stricter than nginx: a carriage return that no line feed follows is invalid too, since a backend
/// may take it for a line end and see a header that we did not.
/// </summary>
public sealed class HeaderLineParser
{
    private enum State { Start, Name, BeforeValue, Value, AfterValue, AlmostDone, EndAlmostDone }

    private State _state;
    private int _position;

    public int NameStart { get; private set; }
    public int NameEnd { get; private set; }
    public int ValueStart { get; private set; }
    public int ValueEnd { get; private set; }
    /// <summary>Just past what has been read.</summary>
    public int Next => _position;
    /// <summary>Of an invalid line: the byte that nginx shows in its log; the carriage return that no line feed follows, or the byte at fault.</summary>
    public int FaultAt => _state == State.AlmostDone ? ValueEnd : _position;
    /// <summary>The name has bytes that nginx calls invalid (anything but letters, digits and dashes, and underscores where allowed):
    /// dropped under <c>ignore_invalid_headers</c>.</summary>
    public bool IsInvalidName { get; private set; }

    public void Reset(int start)
    {
        _position = start;
        _state = State.Start;
    }

    public HeaderResult Parse(ReadOnlySpan<byte> head, bool allowUnderscores)
    {
        for (; _position < head.Length; _position++)
        {
            var at = _position;
            var b = head[at];
            switch (_state)
            {
                case State.Start:
                    NameStart = at;
                    IsInvalidName = false;
                    if (b == '\r')
                    {
                        _state = State.EndAlmostDone;
                        break;
                    }
                    if (b == '\n')
                    {
                        _position++;
                        return HeaderResult.End;
                    }
                    if (b is <= 0x20 or 0x7f or (byte)':')
                    {
                        return HeaderResult.Invalid;
                    }
                    IsInvalidName = !IsNameByte(b, allowUnderscores);
                    _state = State.Name;
                    break;
                case State.Name:
                    switch (b)
                    {
                        case (byte)':':
                            NameEnd = at;
                            _state = State.BeforeValue;
                            break;
                        case (byte)'\r' or (byte)'\n':
                            NameEnd = ValueStart = ValueEnd = at;
                            if (b == '\n')
                            {
                                return Line();
                            }
                            _state = State.AlmostDone;
                            break;
                        case <= 0x20 or 0x7f:
                            return HeaderResult.Invalid;
                        default:
                            IsInvalidName |= !IsNameByte(b, allowUnderscores);
                            break;
                    }
                    break;
                case State.BeforeValue when b == ' ':
                    break;
                case State.BeforeValue or State.Value or State.AfterValue:
                    if (_state == State.BeforeValue)
                    {
                        ValueStart = ValueEnd = at;
                        _state = State.Value;
                    }
                    switch (b)
                    {
                        case (byte)' ':
                            if (_state == State.Value)
                            {
                                ValueEnd = at;
                                _state = State.AfterValue;
                            }
                            break;
                        case (byte)'\r' or (byte)'\n':
                            if (_state == State.Value)
                            {
                                ValueEnd = at;
                            }
                            if (b == '\n')
                            {
                                return Line();
                            }
                            _state = State.AlmostDone;
                            break;
                        case 0:
                            return HeaderResult.Invalid;
                        default:
                            _state = State.Value;
                            break;
                    }
                    break;
                case State.AlmostDone:
                    return b == '\n' ? Line() : HeaderResult.Invalid;
                case State.EndAlmostDone:
                    if (b != '\n')
                    {
                        return HeaderResult.Invalid;
                    }
                    _position++;
                    return HeaderResult.End;
            }
        }
        return HeaderResult.Incomplete;
    }

    private HeaderResult Line()
    {
        _position++;
        _state = State.Start;
        return HeaderResult.Line;
    }

    private static bool IsNameByte(byte b, bool allowUnderscores) =>
        (byte)(b | 0x20) is >= (byte)'a' and <= (byte)'z' || b is (>= (byte)'0' and <= (byte)'9') or (byte)'-' || (b == '_' && allowUnderscores);
}
