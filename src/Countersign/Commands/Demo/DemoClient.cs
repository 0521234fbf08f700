using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Native;
using Socket = System.Net.Sockets.Socket;

namespace Countersign.Commands.Demo;

/// <summary>What a client saw: an answer, an alert, or neither.</summary>
internal sealed record DemoSight
{
    public int? Status { get; init; }

    /// <summary>Title of the page without the status, or the first line of a plain body.</summary>
    public string? Title { get; init; }

    public int? Alert { get; init; }

    /// <summary>What happened when nothing else did.</summary>
    public string? Failure { get; init; }
}

/// <summary>
/// Sends exactly the chain it is given: libssl as a client, for .NET's own sends what it thinks the server likes.
/// It does not check the gate's certificate.
/// </summary>
internal sealed class DemoClient(DemoFolder folder, DemoPorts ports)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public DemoSight Ask(DemoCase asked)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, ports.Of(asked.Listener)));
        }
        catch (SocketException failure)
        {
            return new DemoSight { Failure = failure.Message };
        }
        var request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {asked.Host}\r\nConnection: close\r\n\r\n");
        return asked.IsTls ? AskOverTls(asked, socket, request) : AskPlainly(socket, request);
    }

    private static DemoSight AskPlainly(Socket socket, byte[] request)
    {
        socket.ReceiveTimeout = socket.SendTimeout = (int)Patience.TotalMilliseconds;
        var answer = new MemoryStream();
        try
        {
            socket.Send(request);
            var buffer = new byte[8192];
            for (int count; (count = socket.Receive(buffer)) > 0;)
            {
                answer.Write(buffer, 0, count);
            }
            return Sight(answer);
        }
        catch (SocketException failure)
        {
            return answer.Length > 0 ? Sight(answer) : new DemoSight { Failure = failure.Message };
        }
    }

    private DemoSight AskOverTls(DemoCase asked, Socket socket, byte[] request)
    {
        socket.Blocking = false;
        using var context = TlsClientContext.Create(new TlsClientOptions
        {
            Certificate = asked.Certificate is { } name ? new TlsKeyPair(folder.ClientCertificate(name), folder.ClientKey(name)) : null,
            Protocols = asked.Protocols,
            Ciphers = asked.Ciphers,
        });
        using var tls = TlsConnection.Connect(context, (int)socket.Handle, asked.ServerName, verifyName: null, resume: null);
        var status = Finish(socket, tls.Handshake);
        if (status == TlsStatus.Done)
        {
            status = Finish(socket, () => tls.Write(request, out _));
        }
        var answer = new MemoryStream();
        var buffer = new byte[8192];
        while (status == TlsStatus.Done)
        {
            var count = 0;
            status = Finish(socket, () => tls.Read(buffer, out count));
            answer.Write(buffer, 0, count);
        }
        return answer.Length > 0 ? Sight(answer)
            : tls.Error?.PeerAlert is { } alert ? new DemoSight { Alert = alert }
            : new DemoSight { Failure = Failure(status, tls) };
    }

    /// <summary>Repeats the step until it is through, or until the gate kept the client waiting too long.</summary>
    private static TlsStatus Finish(Socket socket, Func<TlsStatus> step)
    {
        while (true)
        {
            var status = step();
            if (status is not (TlsStatus.WantRead or TlsStatus.WantWrite)
                || !socket.Poll(Patience, status == TlsStatus.WantRead ? SelectMode.SelectRead : SelectMode.SelectWrite))
            {
                return status;
            }
        }
    }

    private static string Failure(TlsStatus status, TlsConnection tls) => status switch
    {
        TlsStatus.WantRead or TlsStatus.WantWrite => "no answer within " + Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture) + " s",
        TlsStatus.Failed => tls.Error!.ToString(),
        TlsStatus.SystemError => Errno.Text(tls.SystemError),
        TlsStatus.Closed or TlsStatus.Ended or TlsStatus.Done or TlsStatus.Suspended => "connection closed without an answer",
    };

    private static DemoSight Sight(MemoryStream answer)
    {
        var text = Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end && end < 0 ? text.Length : end + 4)..];
        if (!text.StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(text.AsSpan(9, Math.Min(3, text.Length - 9)), CultureInfo.InvariantCulture, out var status))
        {
            return new DemoSight { Failure = "an answer that is not HTTP" };
        }
        return new DemoSight { Status = status, Title = Title(body, status) };
    }

    private static string? Title(string body, int status)
    {
        const string Open = "<title>", Close = "</title>";
        var start = body.IndexOf(Open, StringComparison.Ordinal);
        var end = body.IndexOf(Close, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            return body.Split('\n')[0].Trim();
        }
        var title = body[(start + Open.Length)..end];
        var number = status.ToString(CultureInfo.InvariantCulture) + " ";
        return title.StartsWith(number, StringComparison.Ordinal) ? title[number.Length..] : title;
    }
}
