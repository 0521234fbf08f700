namespace Countersign.Native.Tests.OpenSsl;

/// <summary>Our server and our client on a socket pair, stepped in turns by one thread: what one writes the other finds at once.</summary>
internal sealed class TlsPair : IDisposable, ITlsClientEvents
{
    private const int MaximumTurns = 50;

    private readonly int _serverSocket;
    private readonly int _clientSocket;

    public TlsPair(
        TlsServerContext server, TlsClientContext client, ITlsServerEvents? events = null,
        string? serverName = null, string? verifyName = null, TlsSession? resume = null)
    {
        Socket.OpenPair(out _serverSocket, out _clientSocket).ShouldBe(0);
        Server = TlsConnection.Accept(server, _serverSocket, events);
        Client = TlsConnection.Connect(client, _clientSocket, serverName, verifyName, resume, this);
    }

    public TlsConnection Server { get; }

    public TlsConnection Client { get; }

    /// <summary>What the client may resume from; the test owns them.</summary>
    public List<TlsSession> Sessions { get; } = [];

    public static TlsPair Connected(
        TlsServerContext server, TlsClientContext client, ITlsServerEvents? events = null, string? serverName = null, TlsSession? resume = null)
    {
        var pair = new TlsPair(server, client, events, serverName, resume: resume);
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done), pair.Server.Error?.ToString() ?? pair.Client.Error?.ToString());
        return pair;
    }

    /// <summary>Connected, and far enough that the client has its sessions.</summary>
    public static TlsPair Talked(TlsServerContext server, TlsClientContext client, TlsSession? resume = null)
    {
        var pair = Connected(server, client, resume: resume);
        pair.Exchange("hello");
        return pair;
    }

    /// <summary>Until neither side wants to go on.</summary>
    public (TlsStatus Server, TlsStatus Client) Handshake()
    {
        var server = TlsStatus.WantRead;
        var client = TlsStatus.WantRead;
        for (var turn = 0; turn < MaximumTurns && (Waits(server) || Waits(client)); turn++)
        {
            client = Waits(client) ? Client.Handshake() : client;
            server = Waits(server) ? Server.Handshake() : server;
        }
        return (server, client);
    }

    /// <summary>One message from client to server and back, which also brings the client its tickets.</summary>
    public void Exchange(string text)
    {
        Send(Client, Server, text).ShouldBe(text);
        Send(Server, Client, text).ShouldBe(text);
    }

    public void CloseClientSocket() => Socket.ShutDownBoth(_clientSocket);

    public int RawSend(ReadOnlySpan<byte> bytes) => Socket.Send(_clientSocket, bytes);

    public void OnSession(TlsConnection connection, TlsSession session) => Sessions.Add(session);

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        Sessions.ForEach(session => session.Dispose());
        Socket.Close(_serverSocket);
        Socket.Close(_clientSocket);
    }

    private static bool Waits(TlsStatus status) => status is TlsStatus.WantRead or TlsStatus.WantWrite;

    private static string Send(TlsConnection from, TlsConnection to, string text)
    {
        from.Write(System.Text.Encoding.ASCII.GetBytes(text), out var written).ShouldBe(TlsStatus.Done);
        written.ShouldBe(text.Length);
        var buffer = new byte[text.Length];
        to.Read(buffer, out var count).ShouldBe(TlsStatus.Done);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
