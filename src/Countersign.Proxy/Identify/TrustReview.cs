using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify.Ocsp;

namespace Countersign.Proxy.Identify;

/// <summary>
/// A reload may trust others than before, or ask about clients whom nobody was asked about. A connection goes on under the plan it was accepted
/// under, but nobody is let in by it whom the plan in force would refuse. Keeps that plan until it is disposed.
/// </summary>
internal sealed class TrustReview : IDisposable
{
    private const int Misdirected = 421;

    private readonly Client _client;
    private readonly TlsServerContext _context;

    private TrustReview(Client client, Generation generation, ServerPlan server, TlsServerContext context)
    {
        (_client, _context) = (client, context);
        (Generation, Server) = (generation, server);
    }

    /// <summary>The plan in force.</summary>
    public Generation Generation { get; }

    /// <summary>Who would answer the client by it.</summary>
    public ServerPlan Server { get; }

    /// <param name="host">Of the request, in lower case, where no server name chose the server; otherwise empty.</param>
    /// <returns>Null where the plan in force has nothing against anybody: no server of it, one that asks nobody, or one that does as nginx.</returns>
    public static TrustReview? Of(Client client, ReadOnlySpan<byte> host)
    {
        var newest = AcquireNewest(client);
        if (client.Tls is not null && AddressOf(client, newest) is { } address
            && ServerOf(client, address, host) is { Ssl: { VerifyClient: not VerifyClient.Off, NginxCompatibility: false } } server
            && (newest.Tls.Of(server) ?? newest.Tls.Of(address.DefaultServer)) is { } context)
        {
            return new TrustReview(client, newest, server, context);
        }
        newest.Release();
        return null;
    }

    /// <summary>What the handshake proved, in the eyes of the plan in force. Whom a responder has kept out stays out until one is asked again.</summary>
    public ClientVerdict Verify(ClientVerdict verdict)
    {
        if (verdict is AbsentClient)
        {
            return verdict;
        }
        var tls = _client.Tls!;
        var error = tls.Context?.Trust.IsSame(_context.Trust) != true ? _context.Verify(tls)
            : verdict is RefusedClient refused ? refused.Error : TlsVerification.Ok;
        return ClientCheck.Identify(error, _client.Status);
    }

    /// <summary>Whether a responder has to be asked first: nobody has asked yet as the plan in force asks, or the answer was no good one.</summary>
    /// <param name="verdict">Of <see cref="Verify"/>.</param>
    public bool IsToAsk(ClientVerdict verdict) => Server.Ssl.Ocsp is { } wanted
        && (verdict is UnconfirmedClient || (verdict is VerifiedClient && _client.Confirmed?.Covers(wanted) != true));

    /// <summary>As <see cref="Decide"/>, after a responder was asked where that is needed; 0 for a client that has gone meanwhile.</summary>
    /// <param name="verdict">Of <see cref="Verify"/>.</param>
    /// <param name="isWatched">The client's channel is nobody else's meanwhile: when it ends, so do the questions.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<CheckResult> AskAsync(ClientVerdict verdict, bool isWatched)
    {
        if (IsToAsk(verdict))
        {
            await OcspCheck.RunAsync(_client, Generation, Server, _context, isWatched);
            if (_client.Channel.Descriptor < 0)
            {
                return default;
            }
            verdict = ClientCheck.Identify(TlsVerification.Ok, _client.Status);
        }
        return Decide(verdict);
    }

    /// <summary>0, or 495 or 496, as <see cref="ClientCheck"/> has it; the reason has been logged.</summary>
    public CheckResult Decide(ClientVerdict verdict)
    {
        var check = ClientCheck.Decide(verdict, Generation.Tls, Server, _context, Server);
        if (check.Status is 0 or Misdirected)
        {
            // Whom the default server's trust has let in to a server without a certificate was asked there by the old plan.
            return default;
        }
        _client.Log.Write(LogLevel.Info, verdict is AbsentClient
            ? ClientCheck.NoCertificateText + ", which the new configuration asks for" : ClientCheck.TextOf(verdict, " under the new configuration"));
        _client.Tls!.ForgetSession();
        return check with { Rule = CheckRule.NewestPlan };
    }

    public void Dispose() => Generation.Release();

    private static Generation AcquireNewest(Client client)
    {
        while (true)
        {
            // The one found may itself be replaced and gone by now; then there is a newer one.
            var newest = client.Generation.Newest;
            if (newest.TryAcquire())
            {
                return newest;
            }
        }
    }

    /// <summary>Null when nobody listens there any more.</summary>
    private static AddressPlan? AddressOf(Client client, Generation newest)
    {
        foreach (var listen in newest.Http.Listens)
        {
            if (listen.Text != client.Listen.Text)
            {
                continue;
            }
            foreach (var address in listen.Addresses)
            {
                if (address.EndPoint.Equals(client.Address.EndPoint))
                {
                    return address;
                }
            }
        }
        return null;
    }

    private static ServerPlan ServerOf(Client client, AddressPlan address, ReadOnlySpan<byte> host)
    {
        var name = client.NegotiatedName ?? host;
        return (name.IsEmpty ? null : address.Names.Find(Encoding.Latin1.GetString(name), out _)) ?? address.DefaultServer;
    }
}
