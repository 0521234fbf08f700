using System.Globalization;
using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Range and If-Range (<c>ngx_http_range_filter_module</c>).</summary>
internal static class Ranges
{
    private enum Verdict { Taken, Ignored, Unsatisfiable }

    private static readonly HeaderField AcceptRanges = new(new Bytes("Accept-Ranges"u8.ToArray()), new Bytes("bytes"u8.ToArray()));
    private static readonly Bytes ContentRange = new("Content-Range"u8.ToArray());
    // As nginx's ngx_next_temp_number: counts up, and is nothing a client could foresee in a body.
    private static uint s_boundary = (uint)Random.Shared.Next();

    /// <returns>0, or 416.</returns>
    public static int Apply(Exchange exchange)
    {
        var response = exchange.Response;
        var maximum = exchange.Location.Core.MaxRanges;
        if (exchange.Version < 1000 || response.Status != 200 || response.ContentLength == -1 || !response.AllowRanges || maximum == 0)
        {
            return 0;
        }
        var range = exchange.Headers.Find("Range"u8);
        if (range.Length < 7 || !range.Slice(0, 6).EqualsIgnoreCase("bytes="u8) || !IsStillThat(exchange))
        {
            response.Headers.Add(AcceptRanges);
            return 0;
        }
        var ranges = new List<ByteRange>();
        switch (Parse(range.Span[6..], response.ContentLength, response.IsSingleRange ? 1 : maximum, ranges))
        {
            case Verdict.Taken:
                Take(exchange, ranges);
                return 0;
            case Verdict.Unsatisfiable:
                SetContentRange(exchange, $"bytes */{response.ContentLength}");
                response.ContentLength = -1;
                return 416;
            default:
                response.Headers.Add(AcceptRanges);
                return 0;
        }
    }

    /// <summary>If-Range: the same entity tag, or exactly the same time.</summary>
    private static bool IsStillThat(Exchange exchange)
    {
        var condition = exchange.Headers.Find("If-Range"u8);
        var response = exchange.Response;
        if (condition.IsNull)
        {
            return true;
        }
        if (condition.Length >= 2 && condition.Span[^1] == '"')
        {
            return !response.Etag.IsNull && condition.Equals(response.Etag);
        }
        return response.LastModified != -1 && HttpTime.Parse(condition) == response.LastModified;
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, long length, int maximum, List<ByteRange> ranges, out bool isUnsatisfiable)
    {
        var verdict = Parse(text, length, maximum, ranges);
        isUnsatisfiable = verdict == Verdict.Unsatisfiable;
        return verdict == Verdict.Taken;
    }

    private static Verdict Parse(ReadOnlySpan<byte> text, long length, int maximum, List<ByteRange> ranges)
    {
        var left = maximum;
        var size = 0L;
        do
        {
            if (!TryReadRange(ref text, length, out var range))
            {
                return Verdict.Unsatisfiable;
            }
            if (range.Start < range.End)
            {
                ranges.Add(range);
                if (size > long.MaxValue - range.Length)
                {
                    return Verdict.Unsatisfiable;
                }
                size += range.Length;
                if (left-- == 0)
                {
                    return Verdict.Ignored;
                }
            }
            else if (range.Start == 0)
            {
                return Verdict.Ignored;
            }
        }
        while (TrySkip(ref text, (byte)','));
        return Judge(ranges.Count, size, length, maximum);
    }

    /// <summary>Many small or overlapping ranges that cost more than the whole are answered with the whole.</summary>
    private static Verdict Judge(int count, long size, long length, int maximum)
    {
        const int PartOverhead = 256;
        const int Allowance = 4096;
        return count switch
        {
            0 => Verdict.Unsatisfiable,
            1 => Verdict.Taken,
            _ when size > length => Verdict.Ignored,
            _ when maximum == int.MaxValue && size + ((long)count * PartOverhead) > length + Allowance => Verdict.Ignored,
            _ => Verdict.Taken,
        };
    }

    private static bool TryReadRange(ref ReadOnlySpan<byte> text, long length, out ByteRange range)
    {
        range = default;
        text = text.TrimStart((byte)' ');
        var isSuffix = TrySkip(ref text, (byte)'-');
        var start = 0L;
        if (!isSuffix)
        {
            if (!TryReadNumber(ref text, out start) || !TrySkip(ref text, (byte)'-'))
            {
                return false;
            }
            text = text.TrimStart((byte)' ');
            if (text.IsEmpty || text[0] == ',')
            {
                range = new ByteRange(start, length);
                return true;
            }
        }
        if (!TryReadNumber(ref text, out var end) || (!text.IsEmpty && text[0] != ','))
        {
            return false;
        }
        if (isSuffix)
        {
            start = end < length ? length - end : 0;
            end = length - 1;
        }
        range = new ByteRange(start, end >= length ? length : end + 1);
        return true;
    }

    /// <summary>With the spaces behind it.</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        var digits = 0;
        while (digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9')
        {
            if (number > (long.MaxValue - (text[digits] - '0')) / 10)
            {
                return false;
            }
            number = (number * 10) + text[digits++] - '0';
        }
        text = text[digits..].TrimStart((byte)' ');
        return digits > 0;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }
        text = text[1..];
        return true;
    }

    private static void Take(Exchange exchange, List<ByteRange> ranges)
    {
        var response = exchange.Response;
        response.Status = 206;
        response.StatusText = default;
        if (ranges is [var only])
        {
            SetContentRange(exchange, $"bytes {only.Start}-{only.End - 1}/{response.ContentLength}");
            response.ContentLength = only.Length;
            response.BodyRange = only;
            return;
        }
        var type = response.ContentType.ToString();
        if (!response.Charset.IsEmpty)
        {
            type += "; charset=" + response.Charset;
            response.Charset = default;
        }
        var boundary = Interlocked.Increment(ref s_boundary).ToString("D20", CultureInfo.InvariantCulture);
        response.Parts = new MultipartRanges(ranges, boundary, type, response.ContentLength);
        response.ContentType = new Bytes(Encoding.ASCII.GetBytes("multipart/byteranges; boundary=" + boundary));
        response.ContentLength = response.Parts.Length;
        response.Headers.Remove("Content-Range"u8);
    }

    private static void SetContentRange(Exchange exchange, string text)
    {
        exchange.Response.Headers.Remove("Content-Range"u8);
        exchange.Response.Headers.Add(new HeaderField(ContentRange, new Bytes(Encoding.ASCII.GetBytes(text))));
    }
}
