using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Refusals;

namespace Countersign.Proxy.Handshake;

/// <summary>
/// The TLS side of a new connection: looks at its first byte, so that a plain request to a TLS port can be told so (497), chooses
/// the server by SNI and lets libssl do the handshake. As under nginx it completes whatever the client's certificate is worth.
/// </summary>
public sealed class ClientHandshake : ITlsServerEvents, IHandshakeObserver
{
    private const byte HandshakeRecord = 0x16;
    private const byte Ssl2 = 0x80;

    private readonly Client _client;
    private HandshakeTimes _times = HandshakeTimes.None;
    private bool _isHelloRepeated;

    private ClientHandshake(Client client)
    {
        _client = client;
        _times.FirstByte = SinceAccept;
    }

    public HandshakeTimes Times => _times;

    /// <returns>False when the connection is over; the reason has been logged.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<bool> RunAsync(Client client)
    {
        var log = client.Log;
        var channel = client.Channel;
        var loop = client.Worker.Loop;
        var deadline = client.FirstHeadDeadline;
        log.Action = "SSL handshaking";
        client.Worker.AddIdle(client);
        var result = await channel.PeekAsync(Math.Max(0, deadline - loop.Now));
        client.Worker.RemoveIdle(client);
        if (result <= 0)
        {
            await ReportAsync(client, result);
            return false;
        }
        var start = channel.FirstByte;
        if (start != HandshakeRecord && (start & Ssl2) == 0)
        {
            log.Action = "waiting for request";
            return true;
        }
        if (client.Generation.Tls.Of(client.Server) is not { } context)
        {
            log.Write(LogLevel.Error, "no \"ssl_certificate\" is defined in server listening on SSL port");
            return false;
        }
        var handshake = new ClientHandshake(client);
        channel.Tls = TlsConnection.Accept(context, channel.Descriptor, handshake);
        result = await channel.HandshakeAsync(Math.Max(0, deadline - loop.Now), handshake);
        if (result != 0)
        {
            await ReportHandshakeAsync(client, result);
            return false;
        }
        handshake.OnDone();
        log.Action = "waiting for request";
        return true;
    }

    public void OnWait()
    {
        if (_client.Tls is { Stage: TlsHandshakeStage.Answered } tls && (_times.Flight < 0 || (tls.IsHelloRepeated && !_isHelloRepeated)))
        {
            // What was out before a second ClientHello was only the wish for it.
            _isHelloRepeated = tls.IsHelloRepeated;
            _times.Flight = SinceAccept;
            _times.Answer = -1;
        }
    }

    public void OnAnswer()
    {
        if (_times.Flight >= 0 && _times.Answer < 0)
        {
            _times.Answer = SinceAccept;
        }
    }

    // The client's answer may be there before anybody has waited for it.
    private void OnDone()
    {
        if (_times.Flight < 0)
        {
            _times.Flight = _times.Answer = SinceAccept;
        }
    }

    private int SinceAccept => (int)(_client.Worker.Loop.Now - _client.Started);

    /// <summary>nginx's <c>ngx_http_ssl_servername</c>.</summary>
    public ServerNameResult OnServerName(TlsConnection connection, string? serverName)
    {
        _times.Hello = SinceAccept;
        var result = ServerNameResult.Keep;
        if (!string.IsNullOrEmpty(serverName))
        {
            var name = Encoding.Latin1.GetBytes(serverName);
            if (HostName.TryValidate(name, out var length, out _))
            {
                var host = Encoding.Latin1.GetString(name, 0, length).ToLowerInvariant();
                if (_client.Address.Names.Find(host, out var pattern) is { } server)
                {
                    _client.Server = server;
                    _client.NegotiatedName = Encoding.Latin1.GetBytes(host);
                    _client.NegotiatedPattern = pattern;
                    _client.Log.Targets = server.Root.Core.ErrorLogs;
                    if (_client.Generation.Tls.Of(server) is { } context)
                    {
                        result = ServerNameResult.Use(context);
                    }
                }
            }
        }
        if (_client.Log.IsEnabled(LogLevel.Debug))
        {
            _client.Log.Write(LogLevel.Debug, $"SSL server name: {(serverName is null ? "null" : $"\"{serverName}\"")}");
        }
        return _client.Server.Ssl.RejectHandshake ? ServerNameResult.Refuse(TlsAlert.UnrecognizedName) : result;
    }

    public bool OnCertificate(TlsConnection connection) =>
        connection.Context?.Tag is ServerPlan server && _client.Generation.Present(_client, server, connection);

    /// <summary>Asked for each connection: a debug log may belong to one server only.</summary>
    public bool TracesVerification => _client.Log.IsEnabled(LogLevel.Debug);

    public void OnVerification(bool isGood, TlsVerification step, string subject, string issuer) => _client.Log.Write(LogLevel.Debug,
        $"verify:{(isGood ? 1 : 0)}, error:{step.Error}, depth:{step.Depth}, subject:\"{subject}\", issuer:\"{issuer}\"");

    private static ValueTask ReportAsync(Client client, int result)
    {
        switch (result)
        {
            case 0:
                client.Log.Write(LogLevel.Info, "client closed connection");
                return client.Generation.OnHandshakeAsync(client, HandshakeEnd.Closed);
            case Channel.TimedOut:
                client.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
                return client.Generation.OnHandshakeAsync(client, HandshakeEnd.TimedOut);
            case -Errno.BadDescriptor:
                return default;
            default:
                client.Log.Write(LogLevel.Info, "recv() failed", -result);
                return client.Generation.OnHandshakeAsync(client, HandshakeEnd.Reset);
        }
    }

    private static ValueTask ReportHandshakeAsync(Client client, int result)
    {
        var log = client.Log;
        var tls = client.Tls;
        HandshakeEnd end;
        if (result == Channel.TimedOut)
        {
            log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
            end = HandshakeEnd.TimedOut;
        }
        else if (tls is null)
        {
            return default;
        }
        else if (tls.IsRejected)
        {
            log.Write(LogLevel.Info, "handshake rejected");
            end = HandshakeEnd.Rejected;
        }
        else if (tls.CallbackFailure is { } fault)
        {
            log.Write(LogLevel.Alert, $"SSL handshake callback failed: {fault.Message}");
            end = HandshakeEnd.Failed;
        }
        else if (tls.Error is { } error)
        {
            log.Write(error.IsPeerFault ? LogLevel.Info : LogLevel.Crit, error.ToString());
            end = error.PeerAlert is null ? HandshakeEnd.Failed : HandshakeEnd.Alert;
        }
        else
        {
            log.Write(LogLevel.Info, "peer closed connection in SSL handshake", tls.SystemError);
            end = tls.SystemError == 0 ? HandshakeEnd.Closed : HandshakeEnd.Reset;
        }
        return client.Generation.OnHandshakeAsync(client, end);
    }
}
