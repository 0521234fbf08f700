using Countersign.Native;

namespace Countersign.Load.Serve;

/// <summary>Requests and responses on one connection, one after the other.</summary>
internal sealed class Exchange(int socket, Responses responses)
{
    private byte[] _head = [];
    private long _bodyMissing;
    private Response? _response;
    private long _sent;
    private bool _isLast;

    /// <summary>A response waits for room in the socket.</summary>
    public bool IsSending { get; private set; }

    /// <returns>False at the end of the connection.</returns>
    public bool Receive(byte[] buffer)
    {
        var count = Socket.Receive(socket, buffer);
        if (count <= 0)
        {
            return count == -Errno.Again;
        }
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, count);
        if (_response is null)
        {
            // Gates write a head at once, so hardly ever is there something from before.
            bytes = _head.Length == 0 ? bytes : (byte[])[.. _head, .. bytes];
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                _head = bytes.ToArray();
                return true;
            }
            _head = [];
            var head = bytes[..(end + 4)];
            _response = responses.For(head);
            // Of what is only tunnelled the client's wish comes here.
            _isLast = head.IndexOf("\r\nConnection: close\r\n"u8) >= 0;
            _bodyMissing = ContentLength.Of(head) ?? 0;
            bytes = bytes[head.Length..];
        }
        _bodyMissing -= bytes.Length;
        // Gates wait for the response before the next request, so nothing comes after a body.
        return _bodyMissing switch
        {
            > 0 => true,
            0 => Send(),
            _ => false,
        };
    }

    /// <returns>False when the connection is broken, or was to end with this response.</returns>
    public bool Send()
    {
        var response = _response!.Value;
        while (_sent < response.Length)
        {
            var count = Socket.Send(socket, response.From(_sent));
            if (count < 0)
            {
                IsSending = count == -Errno.Again;
                return IsSending;
            }
            _sent += count;
        }
        (_response, _sent, IsSending) = (null, 0, false);
        return !_isLast;
    }
}
