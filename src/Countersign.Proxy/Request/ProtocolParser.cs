namespace Countersign.Proxy.Request;

internal enum ProtocolResult { Incomplete, Ended, InvalidRequest, InvalidVersion }

/// <summary><c>HTTP/1.1</c> in a request line, behind its H: major version 1 and a minor one below 1000.</summary>
internal struct ProtocolParser
{
    private enum State { H, HT, HTT, HTTP, FirstMajor, Major, FirstMinor, Minor }

    private State _state;

    public int Minor { get; private set; }

    /// <summary><see cref="ProtocolResult.Ended"/>: this byte is no part of it; whether it may follow is the caller's to say.</summary>
    public ProtocolResult Next(byte b)
    {
        var isDigit = char.IsAsciiDigit((char)b);
        switch (_state)
        {
            case State.H or State.HT or State.HTT or State.HTTP:
                if (b != "TTP/"u8[(int)_state])
                {
                    return ProtocolResult.InvalidRequest;
                }
                break;
            case State.FirstMajor:
                if (b is < (byte)'1' or > (byte)'9')
                {
                    return ProtocolResult.InvalidRequest;
                }
                if (b != '1')
                {
                    return ProtocolResult.InvalidVersion;
                }
                break;
            case State.Major:
                if (b != '.')
                {
                    return isDigit ? ProtocolResult.InvalidVersion : ProtocolResult.InvalidRequest;
                }
                break;
            case State.FirstMinor:
                if (!isDigit)
                {
                    return ProtocolResult.InvalidRequest;
                }
                Minor = b - '0';
                break;
            case State.Minor:
                if (!isDigit)
                {
                    return ProtocolResult.Ended;
                }
                if (Minor > 99)
                {
                    return ProtocolResult.InvalidRequest;
                }
                Minor = (Minor * 10) + (b - '0');
                return ProtocolResult.Incomplete;
        }
        _state++;
        return ProtocolResult.Incomplete;
    }
}
