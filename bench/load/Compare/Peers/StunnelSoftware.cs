namespace Countersign.Load.Compare;

/// <summary>stunnel: it passes bytes on, so its backend cannot be told who the client is.</summary>
internal sealed class StunnelSoftware(string program) : Software("stunnel", program)
{
    public override string Version { get; } = Output(program, "-version").Split('\n').First(line => line.Contains("stunnel ", StringComparison.Ordinal)).Trim();

    public override bool IsPeer => true;

    public override IReadOnlyList<string> Passed => [];

    public override IReadOnlyList<string> Prepare(string folder, Bench bench, ServerSettings settings)
    {
        var file = Path.Combine(folder, "stunnel.conf");
        File.WriteAllText(
            file, "foreground = quiet\npid =\nsyslog = no\ndebug = 3\noutput = " + Path.Combine(folder, "stunnel.log") + "\n"
            + string.Concat(settings.Ports.Select(port => Service(bench.CertificateFolder(port.Key), port.Key, port.Value, settings.Backend))));
        return [file];
    }

    private static string Service(string certificates, Keys keys, int port, int backend) =>
        $"""
        [{keys}]
        accept = 127.0.0.1:{port}
        connect = 127.0.0.1:{backend}
        cert = {certificates}/server.pem
        key = {certificates}/server.key
        CAfile = {certificates}/bundle.pem
        verifyChain = yes
        requireCert = yes
        sslVersionMin = TLSv1.2

        """;
}
