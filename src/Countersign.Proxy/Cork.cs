using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>What is written to a socket waits in the kernel until a segment is full or the cork is pulled; not longer than 200 ms, which is
/// the kernel's own bound.</summary>
internal struct Cork
{
    private bool _isIn;

    public void Put(int socket) => _isIn = _isIn || SocketOption.Cork(socket, true) == 0;

    public void Pull(int socket)
    {
        if (_isIn)
        {
            _isIn = false;
            _ = SocketOption.Cork(socket, false);
        }
    }
}
