namespace Countersign.Load.Compare;

/// <summary>HAProxy: the certificate as Base64, because it has no other way to write it into a header.</summary>
internal sealed class HaproxySoftware(string program) : Software("haproxy", program)
{
    public override string Version { get; } = Output(program, "-v").Split('\n')[0];

    public override bool IsPeer => true;

    public override IReadOnlyList<string> Passed { get; } = ["\r\nx-ssl-verify: 0\r\n", "\r\nx-ssl-cert: MII", "\r\nx-ssl-dn: /"];

    public override IReadOnlyList<string> Prepare(string folder, Bench bench, ServerSettings settings)
    {
        var file = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(file, Text(bench, settings, folder));
        return ["-db", "-f", file];
    }

    private static string Text(Bench bench, ServerSettings settings, string folder) =>
        $"""
        global
            nbthread {settings.Loops}
            maxconn {settings.Connections}
            ssl-default-bind-options ssl-min-ver TLSv1.2
        defaults
            mode http
            timeout connect 10s
            timeout client 10m
            timeout server 10m
        backend responder
            http-reuse always
            server one 127.0.0.1:{settings.Backend}
        {string.Concat(settings.Ports.Select(port => Frontend(bench.CertificateFolder(port.Key), folder, port.Key, port.Value)))}
        """;

    private static string Frontend(string certificates, string folder, Keys keys, int port)
    {
        // It wants both in one file.
        var pair = Path.Combine(folder, $"{keys}.pem");
        File.WriteAllText(pair, File.ReadAllText(Path.Combine(certificates, "server.pem")) + File.ReadAllText(Path.Combine(certificates, "server.key")));
        return $"""
            frontend {keys}
                bind 127.0.0.1:{port} backlog 1024 ssl crt {pair} ca-file {certificates}/bundle.pem verify required
                http-request set-header X-SSL-Cert %[ssl_c_der,base64]
                http-request set-header X-SSL-Verify %[ssl_c_verify]
                http-request set-header X-SSL-DN %[ssl_c_s_dn]
                default_backend responder

            """;
    }
}
