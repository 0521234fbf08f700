using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>TLS towards a backend: handshake, then the checks of proxy_ssl_verify. Failures are logged in nginx's words.</summary>
internal static class BackendHandshake
{
    /// <param name="deadline">Loop milliseconds by which it must be over.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> RunAsync(Passing passing, long deadline)
    {
        if (Begin(passing) is not { } tls)
        {
            return PassResult.Internal;
        }
        passing.Log.Action = "SSL handshaking to upstream";
        var loop = passing.Worker.Loop;
        TlsStatus status;
        while ((status = tls.Handshake()) is TlsStatus.WantRead or TlsStatus.WantWrite)
        {
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            // Even with no time left: what has come in this turn counts, as under nginx.
            if (!await passing.Wake.Within(Math.Max(0, deadline - loop.Now)))
            {
                return PassResult.Timeout;
            }
            if (passing.Backend.Descriptor < 0)
            {
                return PassResult.Error;
            }
        }
        if (status != TlsStatus.Done)
        {
            Report(passing, tls);
            return PassResult.Error;
        }
        return Verify(passing, tls);
    }

    /// <returns>Null when there can be no handshake; the reason has been logged.</returns>
    private static TlsConnection? Begin(Passing passing)
    {
        var connection = passing.Connection!;
        var identity = connection.Kind.Tls!;
        try
        {
            var tls = connection.Kind.Peer.Sessions is { } sessions
                ? sessions.Connect(identity, connection.Channel.Descriptor, connection)
                : TlsConnection.Connect(identity.Context, connection.Channel.Descriptor, identity.ServerName, identity.VerifyName, null, connection);
            connection.Channel.Tls = tls;
            if (identity.KeyPair is { } pair)
            {
                var cache = passing.Exchange.Generation.KeyPairs.CacheOf(passing.Worker, passing.Settings.Ssl.CertificateCache);
                tls.UseKeyPair(pair, passing.Settings.Ssl.Passwords, cache);
            }
            return tls;
        }
        catch (TlsConfigurationException fault)
        {
            passing.Log.Write(LogLevel.Error, ByteText.FromUnicode(fault.Message));
            return null;
        }
    }

    private static void Report(Passing passing, TlsConnection tls)
    {
        if (tls.Error is { } error)
        {
            passing.Log.Write(error.IsPeerFault ? LogLevel.Error : LogLevel.Crit, error.ToString());
        }
        else
        {
            passing.Log.Write(Connector.LevelOf(tls.SystemError), "peer closed connection in SSL handshake", tls.SystemError);
        }
    }

    private static PassResult Verify(Passing passing, TlsConnection tls)
    {
        if (!passing.Settings.Ssl.Verify)
        {
            return PassResult.Done;
        }
        if (tls.VerifyResult != TlsVerification.Ok)
        {
            passing.Log.Write(LogLevel.Error, $"upstream SSL certificate verify error: ({tls.VerifyResult}:{tls.VerifyResultText})");
            return PassResult.Error;
        }
        if (!tls.MatchesVerifyName)
        {
            passing.Log.Write(LogLevel.Error, $"upstream SSL certificate does not match \"{tls.VerifyName}\"");
            return PassResult.Error;
        }
        return PassResult.Done;
    }
}
