using System.Text;

namespace Countersign.Load.Drive;

/// <summary>What every client sends: a GET, or a POST when there are bytes to send with it.</summary>
internal sealed class Request
{
    private static readonly byte[] Filling = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    private readonly byte[] _head;

    public Request(string name, string path, long upload, bool isLast)
    {
        var (method, body) = upload == 0 ? ("GET", "") : ("POST", $"Content-Length: {upload}\r\n");
        _head = Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: load\r\nAccept: */*\r\n{body}{(isLast ? "Connection: close\r\n" : "")}\r\n");
        (Name, Length) = (name, _head.Length + upload);
    }

    public string Name { get; }
    public long Length { get; }

    /// <summary>Some of what comes at that place, at least one byte.</summary>
    public ReadOnlySpan<byte> From(long position) => position < _head.Length
        ? _head.AsSpan((int)position)
        : Filling.AsSpan(0, (int)Math.Min(Filling.Length, Length - position));
}
