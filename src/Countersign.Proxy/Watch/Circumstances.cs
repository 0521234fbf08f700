using System.Net;
using System.Security.Cryptography;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>Who was refused, when and how, whatever the reason. Taken before anything is awaited: after that the connection may be gone.</summary>
internal sealed class Circumstances
{
    private readonly IPEndPoint? _endPoint;
    private readonly string? _host;

    public Circumstances(Client client, Exchange? exchange)
    {
        Time = client.Worker.Time.GetUtcNow();
        Address = HandshakeNotes.AddressOf(client);
        Handshake = HandshakeNotes.Of(client);
        Sni = client.Tls?.ServerName;
        NginxLine = client.Log.LastText;
        _endPoint = IPEndPoint.TryParse(client.Peer.ToString() ?? "", out var endPoint) ? endPoint : null;
        _host = exchange is null ? null : Encoding.Latin1.GetString(exchange.Host.Span);
    }

    public DateTimeOffset Time { get; }

    /// <summary>Whom <see cref="ClientMemory"/> knows the client as.</summary>
    public string Address { get; }

    public HandshakeFacts Handshake { get; }

    public string? Sni { get; }

    /// <summary>What the gate wrote last: nginx's words, where the decision is nginx's.</summary>
    public string NginxLine { get; }

    /// <param name="server">That decided.</param>
    /// <param name="presented">In DER, leaf first.</param>
    public Refusal Refused(ServerPlan server, int? status, Reason reason, IReadOnlyList<byte[]> presented, CertificateFacts? leaf) => new()
    {
        Reason = reason,
        Time = Time,
        Incident = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        Status = status,
        NginxLine = NginxLine,
        Client = _endPoint,
        Server = TrustBook.Title(server),
        Sni = Sni,
        Host = _host,
        Presented = [.. presented.Select(der => (ReadOnlyMemory<byte>)der)],
        Leaf = leaf,
        Handshake = Handshake,
    };
}
