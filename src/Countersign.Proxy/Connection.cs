using Countersign.Proxy.Accept;

namespace Countersign.Proxy;

/// <summary>The whole life of a connection: handshake, identify, then request, route, upstream again and again.</summary>
public static class Connection
{
    /// <summary>Runs until the connection is closed and its channel disposed. Never throws.</summary>
    public static ValueTask RunAsync(Client client) => throw new NotImplementedException();
}
