using System.Net;
using Countersign.Configuration;
using Countersign.Native;
using Socket = Countersign.Native.Socket;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Accept;

/// <summary>One accepted client: who it is on the network and where it came in.</summary>
public sealed class Client
{
    // The bytes in use: a SocketAddress has room for any path of a unix socket.
    private readonly byte[] _peer = [];

    public required Worker Worker { get; init; }
    /// <summary>The plan it is served by, from its first byte to its last: after a reload it is closed when idle, as under nginx.</summary>
    public required Generation Generation { get; init; }
    public required Channel Channel { get; init; }
    /// <summary>$connection: counts up over the whole process.</summary>
    public required long Number { get; init; }
    public required SocketAddress Peer { get => SocketAddress.FromBytes(_peer); init => _peer = value.Bytes.ToArray(); }
    /// <summary>The local address of this very connection (not the wildcard it came in by).</summary>
    public SocketAddress Local
    {
        get
        {
            // As nginx: only behind a wildcard it has to be asked for, and few ask.
            SocketAddress local = default;
            var isWildcard = Address.EndPoint is IPEndPoint { Address: var ip } && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
            return isWildcard && Channel.Descriptor >= 0 && Socket.LocalAddress(Channel.Descriptor, ref local) == 0
                ? local
                : ListeningSocket.AddressOf(Address.EndPoint);
        }
    }
    public required ListenPlan Listen { get; init; }
    /// <summary>Who answers on the local address.</summary>
    public required AddressPlan Address { get; set; }
    public required ConnectionLog Log { get; init; }
    /// <summary>$connection_time counts from here: <see cref="Loop.Now"/>.</summary>
    public required long Started { get; init; }
    /// <summary>
    /// When client_header_timeout of the address's default server ends, in <see cref="Loop.Now"/>'s time. As under nginx one timer runs from
    /// the accept to the end of the first request's head: PROXY header, handshake and head have it together.
    /// </summary>
    public long FirstHeadDeadline => Started + (long)Address.DefaultServer.Settings.ClientHeaderTimeout.TotalMilliseconds;
    /// <summary>$remote_addr, made once.</summary>
    public required byte[] PeerText { get; init; }
    /// <summary>$connection_requests.</summary>
    public int Requests { get; set; }
    /// <summary>The server chosen by SNI or, before any request, the default one.</summary>
    public required ServerPlan Server { get; set; }
    /// <summary>The server name of the handshake where it chose a server, in lower case; null without SNI or when nobody had that name.</summary>
    public byte[]? NegotiatedName { get; set; }
    /// <summary>The pattern by which it did, for its captures.</summary>
    public RegexPlan? NegotiatedPattern { get; set; }
    /// <summary>The PROXY protocol header that came first, when it told addresses; otherwise null.</summary>
    public ProxyProtocolHeader? ProxyProtocol { get; set; }

    /// <summary>The refusal of the request being answered, or of the handshake; null for a client that is welcome.</summary>
    internal RefusalMark? Refused { get; set; }

    /// <summary>Why ssl_ocsp keeps a verified client out; null for all others.</summary>
    internal OcspOutcome? Status { get; set; }

    /// <summary>The last ssl_ocsp that was asked about the client and had no word against it; null before that.</summary>
    internal OcspPlan? Confirmed { get; set; }

    /// <summary>Why the gate could not show its own certificate in the handshake; null where it could.</summary>
    internal string? CertificateProblem { get; set; }

    /// <summary>$refusal_id; empty without.</summary>
    public string RefusalId => Refused?.Id ?? "";

    /// <summary>$refusal_incident, and what the client's page shows; empty without, and for a refusal that nobody kept.</summary>
    public string Incident => Refused?.Incident ?? "";

    internal LinkedListNode<Client> IdlePlace { get; }

    public Client() => IdlePlace = new LinkedListNode<Client>(this);

    /// <summary>The certificate that the client presented, null without; not to be held longer than a step.</summary>
    public Certificate? Certificate => Tls is { IsHandshakeDone: true } tls ? Worker.Certificates.Of(tls) : null;

    /// <summary>Texts about the TLS connection that variables have asked for: they do not change after the handshake.</summary>
    internal byte[]?[] TlsTexts => field ??= new byte[16][];

    public TlsConnection? Tls => Channel.Tls;
}

/// <summary>What a connection remembers of its refusal.</summary>
internal sealed record RefusalMark(string Id, string Incident);
