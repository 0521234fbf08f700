using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;

namespace Countersign.Proxy.Route;

/// <summary>nginx's <c>ngx_http_ssl_certificate</c>: in the middle of a handshake, the certificates whose names have variables.</summary>
internal static class VariableCertificates
{
    /// <param name="server">The one that the handshake has come to; its variables are those of a request that has not been read.</param>
    /// <returns>False when one cannot be used; the reason has been logged.</returns>
    public static bool Present(Client client, ServerPlan server, KeyPairs pairs, TlsConnection connection)
    {
        var worker = client.Worker;
        var log = client.Log;
        var exchange = worker.RentExchange();
        exchange.Begin(client, ClientCheck.Identify(client));
        try
        {
            var cache = pairs.CacheOf(worker, server.Ssl.CertificateCache);
            for (var i = 0; i < server.Ssl.Certificates.Count; i++)
            {
                var pair = pairs.Named(exchange, server.Ssl.Certificates[i], server.Ssl.CertificateKeys[i]);
                if (log.IsEnabled(LogLevel.Debug))
                {
                    log.Write(LogLevel.Debug, $"ssl cert: \"{ByteText.FromUnicode(pair.Certificate)}\"");
                }
                connection.UseKeyPair(pair, server.Ssl.Passwords, cache);
            }
            return true;
        }
        catch (TlsConfigurationException fault)
        {
            log.Write(LogLevel.Error, ByteText.FromUnicode(fault.Message));
            client.CertificateProblem = fault.Message;
            return false;
        }
        finally
        {
            worker.Return(exchange);
        }
    }
}
