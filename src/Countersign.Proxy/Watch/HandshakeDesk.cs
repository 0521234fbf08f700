using System.Text;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>Where a connection that came to no request becomes a <see cref="Refusal"/>.</summary>
internal static class HandshakeDesk
{
    private const int MostFirstBytes = 64;
    private const int NoRenegotiation = 100;

    /// <summary>The handshake has ended before it was done; nginx's line has been written.</summary>
    public static void OnEnd(Client client, HandshakeEnd end) => Explain(client, end, []);

    /// <summary>The connection has ended before, or over, the PROXY protocol header that its listen wants. Who says nothing to a port without TLS is nobody.</summary>
    public static void OnProxyHeader(Client client, HandshakeEnd end, ReadOnlySpan<byte> received)
    {
        if (received.Length > 0)
        {
            Explain(client, HandshakeEnd.ProxyHeader, received[..Math.Min(received.Length, MostFirstBytes)]);
        }
        else if (client.Address.Ssl)
        {
            Explain(client, end, received);
        }
    }

    /// <summary>What came to a TLS port begins neither a handshake nor a request that can be read.</summary>
    public static void OnForeignBytes(Exchange exchange)
    {
        var received = exchange.Input.Buffer.AsSpan(0, exchange.Input.Last);
        Explain(exchange.Client, HandshakeEnd.NotTls, received[..Math.Min(received.Length, MostFirstBytes)]);
    }

    /// <summary>The handshake was done, and TLS has ended the connection all the same: by an alert before any request, or a second handshake.</summary>
    public static void OnClose(Client client, TlsConnection tls)
    {
        if (tls.AlertSent == NoRenegotiation)
        {
            Explain(client, tls.Error is null ? HandshakeEnd.Closed : EndOf(tls.Error), []);
        }
        else if (client.Requests == 0 && tls.Error is { } error)
        {
            Explain(client, EndOf(error), []);
        }
    }

    private static HandshakeEnd EndOf(TlsError error) => error.PeerAlert is null ? HandshakeEnd.Failed : HandshakeEnd.Alert;

    private static void Explain(Client client, HandshakeEnd end, ReadOnlySpan<byte> firstBytes)
    {
        var generation = client.Generation;
        var server = client.Server;
        var now = client.Worker.Time.GetUtcNow();
        var address = HandshakeNotes.AddressOf(client);
        var stage = StageOf(client, firstBytes);
        if ((stage == HandshakeStage.Silent && generation.Refusals?.Silent.TryTake(address, now.ToUnixTimeSeconds()) == false)
            || generation.Refusals?.IsFull(server.Refusals) == true)
        {
            return;
        }
        var tls = client.Tls;
        var facts = HandshakeNotes.Of(client);
        var presented = tls is null ? [] : HandshakeNotes.PresentedBy(tls);
        var error = tls?.Error;
        var one = new HandshakeCase
        {
            End = end,
            Stage = stage,
            Server = generation.Gates.Of(server, client.Address),
            Now = now,
            Elapsed = facts.End,
            Allowed = client.Address.DefaultServer.Settings.ClientHeaderTimeout,
            Hello = facts.Hello,
            FirstBytes = firstBytes.Length > 0 || stage == HandshakeStage.Silent ? firstBytes.ToArray() : new[] { client.Channel.FirstByte },
            Sni = facts.Hello?.ServerName ?? tls?.ServerName,
            IsSniKnown = client.NegotiatedName is not null,
            NamesOfAddress = generation.Gates.NamesOf(client.Address),
            WasAsked = facts.WasAsked,
            Error = error is { Entries: [.., var newest] } ? newest.Words : "",
            ErrorReason = error?.Reason ?? 0,
            AlertReceived = tls?.AlertReceived,
            AlertSent = tls?.AlertSent,
            Version = facts.Version,
            IsOverCertificate = tls?.IsReadingCertificate == true,
            Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]),
            NginxLine = client.Log.LastText,
            History = facts.Hello is { } hello ? generation.Refusals?.Memory.Find(address, hello.Ja4) : null,
            HasProxyHeader = HandshakeNotes.HasProxyHeader(client),
        };
        RefusalDesk.Report(client, server, new Refusal
        {
            Reason = HandshakeReasons.Of(one),
            Time = now,
            Incident = RefusalDesk.NewIncident(),
            Alert = one.AlertReceived ?? one.AlertSent,
            IsAlertOfClient = one.AlertReceived is not null,
            NginxLine = one.NginxLine,
            Client = RefusalDesk.EndPointOf(client),
            Server = TrustBook.Title(server),
            Sni = one.Sni,
            Presented = [.. presented.Select(der => (ReadOnlyMemory<byte>)der)],
            Leaf = one.Leaf,
            Handshake = facts,
        });
        if (end == HandshakeEnd.Closed && stage == HandshakeStage.Answered && one.WasAsked && one.Hello is not null)
        {
            generation.Refusals?.Memory.SawClose(address, one.Hello.Ja4, now);
        }
    }

    private static HandshakeStage StageOf(Client client, ReadOnlySpan<byte> firstBytes) =>
        client.Tls is { } tls ? StageOf(tls.Stage) : firstBytes.IsEmpty ? HandshakeStage.Silent : HandshakeStage.Hello;

    private static HandshakeStage StageOf(TlsHandshakeStage stage) => stage switch
    {
        TlsHandshakeStage.Hello => HandshakeStage.Hello,
        TlsHandshakeStage.Answered => HandshakeStage.Answered,
        TlsHandshakeStage.ClientFlight => HandshakeStage.ClientFlight,
        TlsHandshakeStage.Done => HandshakeStage.Done,
    };
}
