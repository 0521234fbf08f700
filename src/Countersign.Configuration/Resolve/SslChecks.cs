using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>What ngx_http_ssl_module checks without opening a file.</summary>
internal static class SslChecks
{
    public static void CheckServer(LoadSession session, ServerScope server)
    {
        var certificates = server.Get(SslDirectives.Certificates);
        var keys = server.Get(SslDirectives.CertificateKeys);
        var verify = server.Get(SslDirectives.Verify);
        if (certificates.Count > keys.Count)
        {
            session.ReportUnplaced("no-certificate-key", ProblemLevel.Error,
                $"no \"ssl_certificate_key\" is defined for certificate \"{certificates[^1].Written}\"", server.Position,
                "Each ssl_certificate needs an ssl_certificate_key, in the same order.");
        }
        else if (verify is not (VerifyClient.Off or VerifyClient.OptionalNoCa)
                 && (certificates.Count > 0 || server.Get(SslDirectives.RejectHandshake))
                 && server.Get(SslDirectives.ClientCertificate) is null && server.Get(SslDirectives.TrustedCertificate) is null)
        {
            server.Set(SslDirectives.VerifyFault, session.ReportAfterFiles("no-client-certificate",
                "no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client", server.Position,
                "Name the file with the authorities that may issue client certificates."));
        }
    }

    public static void CheckListens(LoadSession session)
    {
        foreach (var address in session.Listens.Addresses.Where(address => address.Options.Ssl))
        {
            if (address.DefaultServer.Get(SslDirectives.Certificates).Count > 0)
            {
                continue;
            }
            var missing = address.DefaultServer.Get(SslDirectives.RejectHandshake)
                ? address.Servers.Find(server => server.Get(SslDirectives.Certificates).Count == 0 && !server.Get(SslDirectives.RejectHandshake))
                : address.DefaultServer;
            if (missing is not null)
            {
                session.Report(new ConfigurationProblem("no-certificate", ProblemLevel.Error,
                    "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive", missing.Position,
                    $"The server on {address.Options.Text} needs ssl_certificate and ssl_certificate_key."));
            }
        }
    }
}
