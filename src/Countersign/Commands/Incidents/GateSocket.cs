using System.Net.Sockets;
using System.Text;

namespace Countersign.Commands.Incidents;

/// <summary>The gate's side of refusal_socket: one question, then lines of JSON.</summary>
internal sealed class GateSocket : IDisposable
{
    private readonly StreamReader _reader;

    private GateSocket(NetworkStream stream) => _reader = new StreamReader(stream, Encoding.UTF8);

    /// <exception cref="IncidentException">Nobody answers there.</exception>
    public static GateSocket Ask(RefusalSource source, string question, string command)
    {
        if (source.Socket is not { } path)
        {
            throw new IncidentException(
                $"the gate of {source.File} has no socket: \"refusal_socket\" is off, or nothing listens with \"ssl\"", $"grep -rn refusal_socket {source.File}");
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send(Encoding.ASCII.GetBytes(question + "\n"));
            return new GateSocket(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw fault is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? new IncidentException($"{path} is its gate's and root's alone", $"sudo {command}")
                : new IncidentException($"no gate answers at {path}", $"countersign{source.Selection}");
        }
    }

    /// <returns>Null at the end.</returns>
    public string? ReadLine()
    {
        try
        {
            return _reader.ReadLine();
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Interrupt() => _reader.BaseStream.Dispose();

    public void Dispose() => _reader.Dispose();
}
