using System.Globalization;
using System.Numerics;
using Countersign.Proxy.Request;

namespace Countersign.Fuzz.Targets;

/// <summary>A chunked body beside a reader that has it whole, in as many pieces as it can come in.</summary>
public sealed class ChunkedBody : FuzzTarget
{
    public override string Name => "ChunkedBody";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["\r\n", "\n", "\r", "0\r\n\r\n", "1\r\nx\r\n", ";e=\"v\"", " ", "\t", "A: b\r\n", "7FFFFFFFFFFFFFF", "fffffffffffffff", "00", "-1", "0x"];

    /// <param name="Consumed">Bytes up to and with the one that decided.</param>
    private sealed record Body(ChunkedResult Result, string Data, int Consumed);

    public override void Try(byte[] input)
    {
        var whole = Read(input, input.Length, input.Length);
        whole.ShouldBe(Expected(input));
        Read(input, 1, 1).ShouldBe(whole, "byte by byte");
        for (var first = 1; first < input.Length; first++)
        {
            Read(input, first, input.Length).ShouldBe(whole, $"cut at {first}");
        }
    }

    private static Body Read(byte[] input, int seen, int step)
    {
        var decoder = new ChunkedDecoder();
        var (data, consumed) = (new List<byte>(), 0);
        seen = Math.Min(seen, input.Length);
        while (true)
        {
            switch (decoder.Next(input.AsSpan(0, seen), ref consumed, out var length))
            {
                case ChunkedResult.Data:
                    data.AddRange(input[(consumed - length)..consumed]);
                    break;
                case ChunkedResult.Incomplete when seen < input.Length:
                    consumed.ShouldBe(seen);
                    seen = Math.Min(seen + step, input.Length);
                    break;
                case var result:
                    return new(result, Convert.ToHexString([.. data]), consumed);
            }
        }
    }

    private static Body Expected(byte[] input)
    {
        var (at, data) = (0, new List<byte>());
        while (true)
        {
            var digits = at;
            while (at < input.Length && char.IsAsciiHexDigit((char)input[at]))
            {
                at++;
                // As nginx: no more digits, and no end of the line, once the size is above what sixteen times would overflow.
                if (at < input.Length && Size() > long.MaxValue / 16)
                {
                    return Decided(ChunkedResult.Invalid, at);
                }
            }
            if (at == input.Length)
            {
                return Decided(ChunkedResult.Incomplete, at - 1);
            }
            if (at == digits || input[at] is not ((byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t'))
            {
                return Decided(ChunkedResult.Invalid, at);
            }
            var size = Size();
            if (LineEnd() is { } broken)
            {
                return broken;
            }
            if (size == 0)
            {
                break;
            }
            var available = (int)BigInteger.Min(size, input.Length - at);
            data.AddRange(input[at..(at + available)]);
            at += available;
            if (at == input.Length)
            {
                return Decided(ChunkedResult.Incomplete, at - 1);
            }
            if (input[at] != '\r')
            {
                return Decided(ChunkedResult.Invalid, at);
            }
            if (LineEnd() is { } unended)
            {
                return unended;
            }

            BigInteger Size() => BigInteger.Parse("0" + string.Concat(input[digits..at].Select(b => (char)b)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        while (true)
        {
            var isLast = at < input.Length && input[at] == '\r';
            if (LineEnd() is { } broken)
            {
                return broken;
            }
            if (isLast)
            {
                return Decided(ChunkedResult.Done, at - 1);
            }
        }

        Body Decided(ChunkedResult result, int by) => new(result, Convert.ToHexString([.. data]), by + 1);

        // Moves past CR LF; anything before it is passed over, but no line feed alone and no CR alone.
        Body? LineEnd()
        {
            while (at < input.Length && input[at] is not ((byte)'\r' or (byte)'\n'))
            {
                at++;
            }
            if (at < input.Length && input[at] == '\n')
            {
                return Decided(ChunkedResult.Invalid, at);
            }
            if (at + 1 >= input.Length)
            {
                return Decided(ChunkedResult.Incomplete, input.Length - 1);
            }
            at += 2;
            return input[at - 1] == '\n' ? null : Decided(ChunkedResult.Invalid, at - 1);
        }
    }
}
