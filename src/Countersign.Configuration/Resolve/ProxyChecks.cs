using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>What ngx_http_proxy_module checks when settings have been merged.</summary>
internal static class ProxyChecks
{
    public static void Check(LoadSession session, LocationScope location)
    {
        // Only a block that says something itself can be wrong in a way that its parents are not.
        if (location is ServerScope || location.Has(ProxyDirectives.BufferSize) || location.Has(ProxyDirectives.Buffers)
            || location.Has(ProxyDirectives.BusyBuffersSize) || location.Has(ProxyDirectives.MaxTempFileSize))
        {
            CheckBuffers(session, location);
        }
        if (location.ProxyPass is { Ssl: true } or { Url: not null })
        {
            CheckTls(session, location);
        }
        foreach (var child in location.Children())
        {
            Check(session, child);
        }
    }

    /// <summary>Only where a proxy_pass may speak TLS, as nginx.</summary>
    private static void CheckTls(LoadSession session, LocationScope location)
    {
        if (location.Get(ProxySslDirectives.Certificate) is { Path.Constant.Length: > 0 } certificate
            && location.Get(ProxySslDirectives.CertificateKey) is null)
        {
            session.ReportUnplaced("no-certificate-key", ProblemLevel.Error,
                $"no \"proxy_ssl_certificate_key\" is defined for certificate \"{certificate.Written}\"", location.Position);
        }
        else if (location.Get(ProxySslDirectives.Verify) && location.Get(ProxySslDirectives.TrustedCertificate) is null)
        {
            session.ReportUnplaced("no-trusted-certificate", ProblemLevel.Error, "no proxy_ssl_trusted_certificate for proxy_ssl_verify",
                location.Position, "Name the file with the authorities that may issue the backend's certificate.");
        }
    }

    private static void CheckBuffers(LoadSession session, LocationScope location)
    {
        var size = location.Get(ProxyDirectives.BufferSize);
        var (count, each) = location.Get(ProxyDirectives.Buffers);
        var busy = location.Get(ProxyDirectives.BusyBuffersSize);
        var temporary = location.Get(ProxyDirectives.MaxTempFileSize);
        var largest = Math.Max(size, each);
        busy = busy < 0 ? 2 * largest : busy;
        var problem = true switch
        {
            _ when count < 2 => "there must be at least 2 \"proxy_buffers\"",
            _ when busy < largest => "\"proxy_busy_buffers_size\" must be equal to or greater than the maximum of the value of "
                + "\"proxy_buffer_size\" and one of the \"proxy_buffers\"",
            _ when busy > (count - 1L) * each =>
                "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one buffer",
            _ when temporary != 0 && temporary < largest => "\"proxy_max_temp_file_size\" must be equal to zero to disable temporary files usage "
                + "or must be equal to or greater than the maximum of the value of \"proxy_buffer_size\" and one of the \"proxy_buffers\"",
            _ => null,
        };
        if (problem is not null)
        {
            // nginx names the end of the http block.
            session.Report(new ConfigurationProblem("proxy-buffers", ProblemLevel.Error, problem, session.HttpEnd) { Word = location.Position });
        }
    }
}
