using System.Runtime.CompilerServices;
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
    public static ValueTask OnEndAsync(Client client, HandshakeEnd end) => ExplainAsync(client, end, []);

    /// <summary>The connection has ended before, or over, the PROXY protocol header that its listen wants. Who says nothing to a port without TLS is nobody.</summary>
    public static ValueTask OnProxyHeaderAsync(Client client, HandshakeEnd end, ReadOnlySpan<byte> received) =>
        received.Length > 0 ? ExplainAsync(client, HandshakeEnd.ProxyHeader, First(received)) : client.Address.Ssl ? ExplainAsync(client, end, []) : default;

    /// <summary>What came to a TLS port begins neither a handshake nor a request that can be read.</summary>
    public static ValueTask OnForeignBytesAsync(Exchange exchange) =>
        ExplainAsync(exchange.Client, HandshakeEnd.NotTls, First(exchange.Input.Buffer.AsSpan(0, exchange.Input.Last)));

    /// <summary>The handshake was done, and TLS has ended the connection all the same: by an alert before any request, or a second handshake.</summary>
    public static ValueTask OnCloseAsync(Client client, TlsConnection tls) => (tls.AlertSent, tls.Error) switch
    {
        (NoRenegotiation, null) => ExplainAsync(client, HandshakeEnd.Closed, []),
        (var alert, { } error) when alert == NoRenegotiation || client.Requests == 0 => ExplainAsync(client, error.PeerAlert is null ? HandshakeEnd.Failed : HandshakeEnd.Alert, []),
        _ => default,
    };

    private static byte[] First(ReadOnlySpan<byte> received) => received[..Math.Min(received.Length, MostFirstBytes)].ToArray();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask ExplainAsync(Client client, HandshakeEnd end, byte[] firstBytes)
    {
        var generation = client.Generation;
        var server = client.Server;
        var stage = StageOf(client, firstBytes);
        if ((stage == HandshakeStage.Silent
                && generation.Refusals?.Silent.TryTake(HandshakeNotes.AddressOf(client), client.Worker.Time.GetUtcNow().ToUnixTimeSeconds()) == false)
            || generation.Refusals?.IsFull(server.Refusals) == true)
        {
            return;
        }
        var circumstances = new Circumstances(client, null);
        var tls = client.Tls;
        var facts = circumstances.Handshake;
        var presented = tls is null ? [] : HandshakeNotes.PresentedBy(tls);
        var error = tls?.Error;
        var (received, sent, isOverCertificate) = (tls?.AlertReceived, tls?.AlertSent, tls?.IsReadingCertificate == true);
        await generation.Trust.ReadFor(client.Worker.Loop);
        var one = new HandshakeCase
        {
            End = end,
            Stage = stage,
            Server = generation.Gates.Of(server, client.Address),
            Now = circumstances.Time,
            Elapsed = facts.End,
            Allowed = client.Address.DefaultServer.Settings.ClientHeaderTimeout,
            Hello = facts.Hello,
            FirstBytes = firstBytes.Length > 0 || stage == HandshakeStage.Silent ? firstBytes : [client.Channel.FirstByte],
            Sni = facts.Hello?.ServerName ?? circumstances.Sni,
            IsSniKnown = client.NegotiatedName is not null,
            NamesOfAddress = generation.Gates.NamesOf(client.Address),
            WasAsked = facts.WasAsked,
            Error = error is { Entries: [.., var newest] } ? newest.Words : "",
            ErrorReason = error?.Reason ?? 0,
            AlertReceived = received,
            AlertSent = sent,
            Version = facts.Version,
            IsOverCertificate = isOverCertificate,
            CertificateProblem = client.CertificateProblem ?? "",
            Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]),
            NginxLine = circumstances.NginxLine,
            History = facts.Hello is { } hello ? generation.Refusals?.Memory.Find(circumstances.Address, hello.Ja4) : null,
            HasProxyHeader = HandshakeNotes.HasProxyHeader(client),
        };
        RefusalDesk.Report(client, server, circumstances.Refused(server, null, HandshakeReasons.Of(one), presented, one.Leaf) with
        {
            Alert = one.AlertReceived ?? one.AlertSent,
            IsAlertOfClient = one.AlertReceived is not null,
            Sni = one.Sni,
        });
        if (end == HandshakeEnd.Closed && stage == HandshakeStage.Answered && one.WasAsked && one.Hello is not null)
        {
            generation.Refusals?.Memory.SawClose(circumstances.Address, one.Hello.Ja4, circumstances.Time);
        }
    }

    private static HandshakeStage StageOf(Client client, byte[] firstBytes) =>
        client.Tls is { } tls ? StageOf(tls.Stage) : firstBytes.Length == 0 ? HandshakeStage.Silent : HandshakeStage.Hello;

    private static HandshakeStage StageOf(TlsHandshakeStage stage) => stage switch
    {
        TlsHandshakeStage.Hello => HandshakeStage.Hello,
        TlsHandshakeStage.Answered => HandshakeStage.Answered,
        TlsHandshakeStage.ClientFlight => HandshakeStage.ClientFlight,
        TlsHandshakeStage.Done => HandshakeStage.Done,
    };
}
