using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify;

/// <summary>
/// A reload may trust others than before. A connection goes on under the plan it was accepted under, but nobody is let in by it whom
/// the plan in force would refuse.
/// </summary>
public static class TrustReview
{
    /// <summary>0, or 495 or 496, as <see cref="ClientCheck.Decide"/>; the reason has been logged.</summary>
    /// <param name="host">Of the request, in lower case, where no server name chose the server; otherwise empty.</param>
    public static int Decide(Client client, ClientVerdict verdict, ReadOnlySpan<byte> host)
    {
        var newest = AcquireNewest(client);
        try
        {
            return ServerOf(client, newest, host) is { } server ? Decide(client, verdict, newest, server) : 0;
        }
        finally
        {
            newest.Release();
        }
    }

    /// <summary>The plan in force; the caller releases it.</summary>
    public static Generation AcquireNewest(Client client)
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

    private static int Decide(Client client, ClientVerdict verdict, Generation newest, ServerPlan server)
    {
        const int CertificateError = 495;
        const int NoCertificate = 496;
        if (server.Ssl.NginxCompatibility || server.Ssl.VerifyClient == VerifyClient.Off
            || client.Tls is not { } tls || newest.Tls.Of(server) is not { } context)
        {
            return 0;
        }
        if (verdict is AbsentClient)
        {
            if (server.Ssl.VerifyClient != VerifyClient.On)
            {
                return 0;
            }
            client.Log.Write(LogLevel.Info, "client sent no required SSL certificate, which the new configuration asks for");
            tls.ForgetSession();
            return NoCertificate;
        }
        if (verdict is UnconfirmedClient unconfirmed)
        {
            client.Log.Write(LogLevel.Info, $"client SSL certificate verify error under the new configuration: {unconfirmed.Status.Text}");
            tls.ForgetSession();
            return CertificateError;
        }
        var error = tls.Context?.Trust.IsSame(context.Trust) == true ? ErrorOf(verdict) : context.Verify(tls);
        if (error == TlsVerification.Ok || (server.Ssl.VerifyClient == VerifyClient.OptionalNoCa && TlsVerification.IsOptionalNoCa(error)))
        {
            return 0;
        }
        client.Log.Write(LogLevel.Info, $"client SSL certificate verify error under the new configuration: ({error}:{TlsVerification.TextOf(error)})");
        tls.ForgetSession();
        return CertificateError;
    }

    private static int ErrorOf(ClientVerdict verdict) => verdict is RefusedClient refused ? refused.Error : TlsVerification.Ok;

    /// <summary>Who would answer now; null when nobody listens there any more.</summary>
    public static ServerPlan? ServerOf(Client client, Generation newest, ReadOnlySpan<byte> host)
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
                    var name = client.NegotiatedName ?? host;
                    return (name.IsEmpty ? null : address.Names.Find(Encoding.Latin1.GetString(name), out _)) ?? address.DefaultServer;
                }
            }
        }
        return null;
    }
}
