using System.Net;
using System.Net.Sockets;

namespace Countersign.Load.Compare;

/// <summary>Ports to listen on, below those that the kernel gives to clients: ten thousand of them must not be in a server's way.</summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int _next = First + Environment.ProcessId % (Last - First);

    public static int Next()
    {
        while (true)
        {
            _next = _next == Last ? First : _next + 1;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, _next);
                listener.Start();
                return _next;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
