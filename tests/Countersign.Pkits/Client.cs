using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Native;
using Socket = System.Net.Sockets.Socket;

namespace Countersign.Pkits;

/// <summary>A client that sends exactly the certificates it has, however bad, and takes whatever server answers.</summary>
internal static class Client
{
    /// <summary>One closed request; what came back, or how the connection ended.</summary>
    public static string Ask(IPEndPoint to, string serverName, TlsClientContext context)
    {
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(to);
        socket.Blocking = false;
        using var tls = TlsConnection.Connect(context, (int)socket.Handle, serverName, null, null);
        var status = Finish(socket, tls.Handshake);
        var request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {serverName}\r\nConnection: close\r\n\r\n");
        status = status == TlsStatus.Done ? Finish(socket, () => tls.Write(request, out _)) : status;
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (status == TlsStatus.Done)
        {
            var count = 0;
            status = Finish(socket, () => tls.Read(buffer, out count));
            answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        return answer.Length > 0 ? answer.ToString() : $"{status} {tls.Error?.Entries[^1].Text}";
    }

    /// <summary>Sends the certificates by hand, and proves no key; the alerts that came back.</summary>
    public static async Task<string> Show(IPEndPoint to, string serverName, IReadOnlyList<byte[]> chain)
    {
        using var client = await HandmadeTls.Connect(to);
        await client.Begin(serverName);
        await client.SendCertificates([.. chain]);
        return $"alert {string.Join(", ", await client.ReadToEnd())}";
    }

    private static TlsStatus Finish(Socket socket, Func<TlsStatus> step)
    {
        while (true)
        {
            var status = step();
            if (status is not (TlsStatus.WantRead or TlsStatus.WantWrite)
                || !socket.Poll(Deadline.Usual, status == TlsStatus.WantRead ? SelectMode.SelectRead : SelectMode.SelectWrite))
            {
                return status;
            }
        }
    }
}
