using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

internal enum BodyState
{
    More,
    /// <summary>Everything has come.</summary>
    Whole,
    /// <summary>It ended before its end: the client gets what came, and must not take it for all.</summary>
    Cut,
    /// <summary>Its framing is wrong: nothing more of it can be trusted.</summary>
    Wrong,
}

/// <summary>
/// The body of a backend's answer: framing undone, and a backend that lies about its length caught (nginx's copy and chunked filters).
/// </summary>
internal sealed class BackendBody
{
    private readonly ChunkedDecoder _chunks = new();
    private bool _isChunked;
    private long _left;
    private bool _closes;

    public BodyState State { get; private set; }

    /// <summary>The answer came whole and nothing behind it: the connection can serve another request.</summary>
    public bool IsClean { get; private set; }

    public void Begin(Passing passing)
    {
        var response = passing.Response;
        _chunks.Reset();
        _isChunked = response.IsChunked;
        _left = response.ContentLength;
        _closes = response.Closes;
        State = BodyState.More;
        IsClean = false;
        if (!HasBody(passing))
        {
            _isChunked = false;
            _left = 0;
            End(BodyState.Whole);
        }
    }

    public static bool HasBody(Passing passing) =>
        !passing.IsHead && passing.Response.Status is not (204 or 304) && (passing.Response.IsChunked || passing.Response.ContentLength != 0);

    /// <summary>The least that is still to come of it, framing included.</summary>
    public long Least => _isChunked ? _chunks.Least : _left < 0 ? long.MaxValue : _left;

    /// <summary>Takes the framing out of what has just come, in place.</summary>
    /// <returns>How many bytes of body now stand at the start of <paramref name="raw"/>.</returns>
    public int Decode(Passing passing, Span<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return 0;
        }
        if (_isChunked)
        {
            return DecodeChunks(passing, raw);
        }
        if (_left < 0)
        {
            return raw.Length;
        }
        var length = (int)Math.Min(raw.Length, _left);
        _left -= length;
        if (_left == 0)
        {
            End(BodyState.Whole);
        }
        if (length < raw.Length)
        {
            passing.Log.Write(LogLevel.Warn, "upstream sent more data than specified in \"Content-Length\" header");
            IsClean = false;
        }
        return length;
    }

    private int DecodeChunks(Passing passing, Span<byte> raw)
    {
        var at = 0;
        var length = 0;
        while (at < raw.Length)
        {
            var result = _chunks.Next(raw, ref at, out var data);
            raw.Slice(at - data, data).CopyTo(raw[length..]);
            length += data;
            if (result == ChunkedResult.Invalid)
            {
                passing.Log.Write(LogLevel.Error, "upstream sent invalid chunked response");
                End(BodyState.Wrong);
                return 0;
            }
            if (result == ChunkedResult.Done)
            {
                End(BodyState.Whole);
                if (at < raw.Length)
                {
                    passing.Log.Write(LogLevel.Warn, "upstream sent data after final chunk");
                    IsClean = false;
                }
                break;
            }
        }
        return length;
    }

    /// <summary>The backend has closed its connection, or it has broken: the end of an answer without length, too early for any other.</summary>
    public void EndOfStream(Passing passing, int result, string call)
    {
        if (result == 0 && !_isChunked && _left < 0)
        {
            End(BodyState.Whole);
            IsClean = false;
            return;
        }
        BackendResponse.LogEnd(passing, result, call);
        End(BodyState.Cut);
    }

    /// <summary>No more of it will be read.</summary>
    public void CutOff() => End(BodyState.Cut);

    private void End(BodyState state)
    {
        State = state;
        IsClean = state == BodyState.Whole && !_closes;
    }
}
