using System.Text;

namespace Countersign.Load.Serve;

/// <summary>Which response a request gets.</summary>
internal sealed class Responses(IEnumerable<string> expected)
{
    private readonly byte[][] _expected = [.. expected.Select(Encoding.ASCII.GetBytes)];
    private readonly Response _small = new("200 OK", 100);
    private readonly Response _megabyte = new("200 OK", 1_000_000);
    private readonly Response _hundredMegabytes = new("200 OK", 100_000_000);
    private readonly Response _refusal = new("500 Not passed on", 0);

    public Response For(ReadOnlySpan<byte> head)
    {
        // A gate that does not pass on what it was told to is not measured.
        foreach (var text in _expected)
        {
            if (head.IndexOf(text) < 0)
            {
                return _refusal;
            }
        }
        return head.StartsWith("GET /1m "u8) ? _megabyte : head.StartsWith("GET /100m "u8) ? _hundredMegabytes : _small;
    }
}

/// <summary>A head and a number of equal bytes.</summary>
internal readonly struct Response
{
    private readonly byte[] _start;

    // A large body is sent from the same part again and again.
    private static readonly byte[] Filling = [.. Enumerable.Repeat((byte)'x', 256 * 1024)];

    public Response(string status, long bodyBytes)
    {
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {bodyBytes}\r\n\r\n");
        Length = head.Length + bodyBytes;
        _start = [.. head, .. Filling.AsSpan(0, (int)Math.Min(bodyBytes, Filling.Length))];
    }

    public long Length { get; }

    /// <summary>Some of what comes at that place, at least one byte.</summary>
    public ReadOnlySpan<byte> From(long position) => position < _start.Length
        ? _start.AsSpan((int)position)
        : Filling.AsSpan(0, (int)Math.Min(Filling.Length, Length - position));
}
