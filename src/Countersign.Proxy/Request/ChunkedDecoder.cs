namespace Countersign.Proxy.Request;

public enum ChunkedResult { Incomplete, Data, Done, Invalid }

/// <summary>
/// A chunked body as nginx mainline reads it (<c>ngx_http_parse_chunked</c>): CR LF and nothing less ends a line, extensions and
/// trailers are passed over. Sizes of 2^59 bytes and more are invalid; a size line and the trailers are bounded, so that
/// a client cannot send framing for ever.
/// </summary>
public sealed class ChunkedDecoder
{
    /// <summary>Bytes of extensions and trailers a whole body may have; as many as nginx's default header buffers hold.</summary>
    private const int MaximumFraming = 32 * 1024;

    private enum State
    {
        Start, Size, Extension, ExtensionAlmostDone, Data, AfterData, AfterDataAlmostDone,
        LastExtension, LastExtensionAlmostDone, Trailer, TrailerAlmostDone, TrailerHeader, TrailerHeaderAlmostDone,
    }

    private State _state;
    private long _size;
    private long _passedOver;
    private int _zeros;
    private bool _isUnbounded;

    /// <summary>Bytes of the chunk being read that have not come yet.</summary>
    public long Announced => _state == State.Data ? _size : 0;

    /// <param name="isUnbounded">As nginx: framing may go on for ever.</param>
    public void Reset(bool isUnbounded = false)
    {
        _isUnbounded = isUnbounded;
        _state = State.Start;
        _size = 0;
        _passedOver = 0;
    }

    /// <summary>Reads on from <paramref name="consumed"/> and moves it. With <see cref="ChunkedResult.Data"/> the last
    /// <paramref name="data"/> bytes before it are body.</summary>
    public ChunkedResult Next(ReadOnlySpan<byte> input, ref int consumed, out int data)
    {
        data = 0;
        while (consumed < input.Length)
        {
            if (_state == State.Data)
            {
                if (_size > 0)
                {
                    data = (int)Math.Min(_size, input.Length - consumed);
                    consumed += data;
                    _size -= data;
                    return ChunkedResult.Data;
                }
                _state = State.AfterData;
            }
            var b = input[consumed++];
            switch (_state)
            {
                case State.Start:
                    _size = HexDigit(b);
                    if (_size < 0)
                    {
                        return ChunkedResult.Invalid;
                    }
                    _zeros = 0;
                    _state = State.Size;
                    break;
                case State.Size:
                    // As nginx: not even the end of the line is taken behind a size that another digit would make too large.
                    if (_size > long.MaxValue / 16)
                    {
                        return ChunkedResult.Invalid;
                    }
                    if (HexDigit(b) is var digit and >= 0)
                    {
                        if (_size == 0 && ++_zeros > MaximumFraming && !_isUnbounded)
                        {
                            return ChunkedResult.Invalid;
                        }
                        _size = (_size * 16) + digit;
                        break;
                    }
                    switch (b)
                    {
                        case (byte)'\r':
                            _state = _size == 0 ? State.LastExtensionAlmostDone : State.ExtensionAlmostDone;
                            break;
                        case (byte)';' or (byte)' ' or (byte)'\t':
                            _state = _size == 0 ? State.LastExtension : State.Extension;
                            break;
                        default:
                            return ChunkedResult.Invalid;
                    }
                    break;
                case State.Extension or State.LastExtension or State.TrailerHeader:
                    if (b == '\n' || (++_passedOver > MaximumFraming && !_isUnbounded))
                    {
                        return ChunkedResult.Invalid;
                    }
                    if (b == '\r')
                    {
                        _state++;
                    }
                    break;
                case State.Trailer:
                    if (b == '\n')
                    {
                        return ChunkedResult.Invalid;
                    }
                    _state = b == '\r' ? State.TrailerAlmostDone : State.TrailerHeader;
                    break;
                case State.AfterData:
                    if (b != '\r')
                    {
                        return ChunkedResult.Invalid;
                    }
                    _state = State.AfterDataAlmostDone;
                    break;
                default:
                    if (b != '\n')
                    {
                        return ChunkedResult.Invalid;
                    }
                    if (_state == State.TrailerAlmostDone)
                    {
                        return ChunkedResult.Done;
                    }
                    _state = _state switch
                    {
                        State.ExtensionAlmostDone => State.Data,
                        State.AfterDataAlmostDone => State.Start,
                        _ => State.Trailer,
                    };
                    break;
            }
        }
        return ChunkedResult.Incomplete;
    }

    /// <summary>The least that is still to come before the body can be whole: what nginx waits for, unless a buffer is full.</summary>
    public long Least => _state switch
    {
        State.Start => "0\r\n\r\n".Length,
        State.Size => _size == 0 ? "\r\n\r\n".Length : "\r\n".Length + _size + AfterChunk,
        State.Extension => "\r\n".Length + _size + AfterChunk,
        State.ExtensionAlmostDone => 1 + _size + AfterChunk,
        State.Data => _size + AfterChunk,
        State.AfterData => AfterChunk,
        State.AfterDataAlmostDone => AfterChunk - 1,
        State.LastExtension or State.TrailerHeader => "\r\n\r\n".Length,
        State.LastExtensionAlmostDone or State.TrailerHeaderAlmostDone => "\n\r\n".Length,
        State.Trailer => "\r\n".Length,
        _ => 1,
    };

    private const int AfterChunk = 7; // CR LF 0 CR LF CR LF

    private static int HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
