using System.Text;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>What there is to know of a connection that is being refused, put into words of <c>Countersign.Refusals</c>.</summary>
internal static class HandshakeNotes
{
    /// <summary>Headers that no client adds by itself.</summary>
    private static readonly string[] AddedInFront =
    [
        "CDN-Loop", "CF-Connecting-IP", "CF-Ray", "Fastly-Client-IP", "Fly-Client-IP", "Forwarded", "True-Client-IP", "Via", "X-Amz-Cf-Id",
        "X-Amzn-Trace-Id", "X-Azure-Ref", "X-Cloud-Trace-Context", "X-Envoy-External-Address", "X-Forwarded-For", "X-Forwarded-Host",
        "X-Forwarded-Proto", "X-Real-IP", "X-Vercel-Id",
    ];

    public static HandshakeFacts Of(Client client)
    {
        var facts = new HandshakeFacts
        {
            End = TimeSpan.FromMilliseconds(client.Worker.Loop.Now - client.Started),
            RoundTrip = SocketOption.TryGetTcpInformation(client.Channel.Descriptor, out var tcp) ? TimeSpan.FromMicroseconds(tcp.RoundTrip) : null,
        };
        if (client.Tls is not { } tls)
        {
            return facts;
        }
        var times = (tls.ServerEvents as ClientHandshake)?.Times ?? HandshakeTimes.None;
        return facts with
        {
            Hello = ClientHelloReader.Read(tls.ClientHello),
            Asked = tls.WasAsked ? GateBook.Request(tls.Context?.Offer.CertificateRequest(tls.NegotiatedVersion), tls.NegotiatedVersion) : null,
            WasAsked = tls.WasAsked,
            Version = tls.NegotiatedVersion,
            IsResumed = tls.SessionReused,
            FirstByte = Span(times.FirstByte),
            HelloAt = Span(times.Hello),
            Flight = Span(times.Flight),
            Answer = Span(times.Answer),
        };
    }

    public static IReadOnlyList<byte[]> PresentedBy(TlsConnection tls)
    {
        var chain = tls.PresentedChain();
        var encoded = chain.Select(certificate => certificate.Der).ToList();
        foreach (var certificate in chain)
        {
            certificate.Dispose();
        }
        return encoded;
    }

    public static RequestFacts RequestOf(Exchange exchange)
    {
        var headers = exchange.Headers;
        return new RequestFacts
        {
            Method = exchange.MethodName.ToString(),
            Host = exchange.HostHeader.IsNull ? Encoding.Latin1.GetString(exchange.Host.Span) : exchange.HostHeader.ToString(),
            UserAgent = Text(headers, "User-Agent"),
            Origin = Text(headers, "Origin"),
            PreflightMethod = Text(headers, "Access-Control-Request-Method"),
            FetchMode = Text(headers, "Sec-Fetch-Mode"),
            FetchDestination = Text(headers, "Sec-Fetch-Dest"),
            ForwardedFor = Text(headers, "X-Forwarded-For"),
            AddedInFront = [.. AddedInFront.Where(name => headers.IndexOf(Encoding.ASCII.GetBytes(name)) >= 0)],
            IsEarly = Text(headers, "Early-Data") == "1",
            Number = exchange.Client.Requests,
        };
    }

    /// <summary>Whom <see cref="ClientMemory"/> knows it as: behind a balancer that tells, the client's own address.</summary>
    public static string AddressOf(Client client) => Encoding.Latin1.GetString(client.ProxyProtocol?.Source ?? client.PeerText);

    public static bool HasProxyHeader(Client client) => client.ProxyProtocol is not null || client.Address.ProxyProtocol;

    private static string Text(HeaderList headers, string name) =>
        headers.Find(Encoding.ASCII.GetBytes(name)) is { IsNull: false } value ? value.ToString() : "";

    private static TimeSpan? Span(int milliseconds) => milliseconds < 0 ? null : TimeSpan.FromMilliseconds(milliseconds);
}
