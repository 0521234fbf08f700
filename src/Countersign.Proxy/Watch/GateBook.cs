using System.Globalization;
using System.Net;
using Countersign.Configuration;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>What each server of a plan would have a client do, in words, beside <see cref="TrustBook"/>. Loops share it.</summary>
public sealed class GateBook(TrustBook trust, ServerContexts contexts)
{
    private const int Tls12 = 0x0303;
    private const int Tls13 = 0x0304;

    private static readonly (TlsVersions, int)[] Versions =
        [(TlsVersions.Ssl2, 0x0002), (TlsVersions.Ssl3, 0x0300), (TlsVersions.Tls10, 0x0301), (TlsVersions.Tls11, 0x0302), (TlsVersions.Tls12, Tls12), (TlsVersions.Tls13, Tls13)];

    private readonly Lock _gate = new();
    private readonly Dictionary<ServerPlan, GateFacts> _servers = [];
    private readonly Dictionary<AddressPlan, IReadOnlyList<string>> _names = [];

    /// <param name="address">Where the client came in: its names are asked for.</param>
    public GateFacts Of(ServerPlan server, AddressPlan address)
    {
        lock (_gate)
        {
            if (!_servers.TryGetValue(server, out var facts))
            {
                _servers[server] = facts = Read(server, address);
            }
            facts = facts with { Port = PortOf(address), Listen = ListenOf(address.EndPoint) };
            return RequestOf(server) is { } request ? facts with { SignatureAlgorithms = request.SignatureAlgorithms, SentNames = request.Authorities } : facts;
        }
    }

    /// <summary>All names that servers of an address have.</summary>
    public IReadOnlyList<string> NamesOf(AddressPlan address)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(address, out var names))
            {
                _names[address] = names = [.. Named(address).Select(pair => pair.Name)];
            }
            return names;
        }
    }

    /// <summary>What clients of the server are asked with, as soon as one has been asked.</summary>
    private CertificateRequestFacts? RequestOf(ServerPlan server) =>
        contexts.Of(server)?.Offer is { } offer ? Request(offer.CertificateRequest(Tls13), Tls13) ?? Request(offer.CertificateRequest(Tls12), Tls12) : null;

    /// <summary>A CertificateRequest of TLS, read; null without one.</summary>
    internal static CertificateRequestFacts? Request(byte[]? message, int version) =>
        message is null ? null : CertificateRequestReader.Read(message, version);

    /// <summary>443 for a unix socket: nobody comes to it by a name.</summary>
    internal static int PortOf(AddressPlan address) => address.EndPoint is IPEndPoint { Port: var port } ? port : 443;

    private static string ListenOf(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip when ip.Address.Equals(IPAddress.Any) => ip.Port.ToString(CultureInfo.InvariantCulture),
        IPEndPoint ip => ip.ToString(),
        _ => $"unix:{endPoint}",
    };

    private GateFacts Read(ServerPlan server, AddressPlan address)
    {
        var ssl = server.Ssl;
        var offer = contexts.Of(server)?.Offer;
        return new GateFacts
        {
            Name = TrustBook.NameOf(server),
            At = TrustBook.At(server.Position),
            Trust = trust.Of(server),
            Names = [.. Named(address).Where(pair => pair.Server == server).Select(pair => pair.Name)],
            Protocols = [.. Versions.Where(version => (ssl.Protocols & version.Item1) != 0).Select(version => version.Item2)],
            Ciphers = ssl.Ciphers,
            CipherSuites = offer?.ReadCipherSuites() ?? [],
            Groups = ClientHelloReader.Read(offer?.ReadHello() ?? [])?.Groups ?? [],
            Alpn = ["http/1.1", "http/1.0", "http/0.9"],
            Chain = [.. (offer?.ReadChain() ?? []).Select(der => CertificateReader.Read(der)).OfType<CertificateFacts>()],
            CertificateAt = TrustBook.At(ssl.CertificateAt),
            Ocsp = ssl.Ocsp is null ? "off" : ssl.Ocsp.LeafOnly ? "leaf" : "on",
            OcspResponder = ssl.Ocsp?.Responder?.Url ?? "",
            OcspAt = TrustBook.At(ssl.Ocsp?.At),
            RejectsHandshakes = ssl.RejectHandshake,
        };
    }

    /// <summary>Where a server speaks TLS first; 443 where it does nowhere.</summary>
    internal static int PortOf(HttpPlan http, ServerPlan server)
    {
        var address = http.Listens.SelectMany(listen => listen.Addresses)
            .FirstOrDefault(one => one.Ssl && (one.DefaultServer == server || Named(one).Any(pair => pair.Server == server)));
        return address is null ? 443 : PortOf(address);
    }

    private static IEnumerable<(string Name, ServerPlan Server)> Named(AddressPlan address) =>
    [
        .. address.Names.Exact.Where(pair => pair.Key.Length > 0).Select(pair => (pair.Key, pair.Value)),
        .. address.Names.Leading.Select(pair => ("*." + pair.Key, pair.Value)),
        .. address.Names.Trailing.Select(pair => (pair.Key + ".*", pair.Value)),
        .. address.Names.Patterns.Select(pair => ("~" + pair.Pattern.Source, pair.Value)),
    ];
}
