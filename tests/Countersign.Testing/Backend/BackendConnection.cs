using System.Net.Sockets;
using System.Text;

namespace Countersign.Testing;

/// <summary>One connection to a <see cref="Backend"/>, for handlers that answer, lie, stall, or break off.</summary>
public sealed class BackendConnection : IAsyncDisposable
{
    private readonly Backend _backend;
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly HttpReader _reader;
    private readonly CancellationToken _end;

    internal BackendConnection(Backend backend, Socket socket, Stream stream, int number, CancellationToken end)
    {
        _backend = backend;
        _socket = socket;
        _stream = stream;
        _reader = new HttpReader(stream);
        _end = end;
        Number = number;
    }

    /// <summary>Counts the connections of the backend from 1.</summary>
    public int Number { get; }

    public Stream Stream => _stream;

    /// <summary>Bytes that came with the last head and belong to the body after it.</summary>
    public int Buffered => _reader.Buffered.Length;

    /// <summary>The next request, kept in the record; null when the peer closed.</summary>
    public async Task<HttpMessage?> ReadRequest()
    {
        var request = await _reader.ReadMessage(isRequest: true, bodiless: false, _end);
        if (request.Text.Length == 0)
        {
            return null;
        }

        _backend.Record(request.Text);
        return request;
    }

    /// <summary>Only the head, so that an answer can come before the body did.</summary>
    public async Task<string> ReadHead()
    {
        var head = await _reader.ReadHead(_end);
        if (head.Length > 0)
        {
            _backend.Record(head);
        }

        return head;
    }

    public async Task<string> ReadBytes(int count)
    {
        var bytes = await _reader.ReadExactly(count, _end);
        _backend.Record(bytes);
        return bytes;
    }

    public async Task Send(string text)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), _end);
        await _stream.FlushAsync(_end);
    }

    /// <summary>Says nothing more, and keeps the connection until the peer ends it.</summary>
    public async Task Stall() => await _reader.ReadToEnd(_end);

    /// <summary>Ends the connection with a RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
