namespace Countersign.Conformance;

/// <summary>One fault at a time in the client's certificate or in its chain, in both modes that verify.</summary>
public sealed class RefusedCertificates(Ground<RefusedCertificates.Servers> ground) : IClassFixture<Ground<RefusedCertificates.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http =>
            TlsServers.Server("root", "root", "ssl_verify_depth 5;")
            + TlsServers.Server("lenient", "root", "ssl_verify_client optional_no_ca; ssl_verify_depth 5;")
            + TlsServers.Server("rsa", "rsa-root")
            + TlsServers.Server("shallow", "root", "ssl_verify_depth 1;")
            + TlsServers.Server("shallow-whole", "deep-bundle", "ssl_verify_depth 1;")
            + TlsServers.Server("shallowest", "root", "ssl_verify_depth 0;")
            + TlsServers.Server("lenient-shallow", "root", "ssl_verify_client optional_no_ca; ssl_verify_depth 1;")
            + TlsServers.Server("pss", "bundle-intermediate-first", "ssl_protocols TLSv1.3; ssl_conf_command ClientSignatureAlgorithms RSA-PSS+SHA256;");
    }

    /// <summary>Server, client certificate, chain sent after it.</summary>
    public static TheoryData<string, string, string?> All() => new()
    {
        { "root", "other", null },
        { "root", "client", null },
        { "root", "client", "chain" },
        { "root", "client", "chain-with-root" },
        { "root", "impostor", null },
        { "root", "impostor", "impostor-root" },
        { "root", "impostor-no-akid", null },
        { "root", "other", "other-root" },
        { "root", "self-signed", null },
        { "root", "expired", null },
        { "root", "not-yet-valid", null },
        { "root", "stranger-expired", null },
        { "root", "server-usage", null },
        { "root", "any-usage", null },
        { "root", "both-usages", null },
        { "root", "no-usage", null },
        { "root", "encipherment", null },
        { "root", "agreement", null },
        { "root", "ca-as-client", null },
        { "root", "critical", null },
        { "root", "weak-key", null },
        { "root", "version1", null },
        { "rsa", "sha1", null },
        { "rsa", "by-rsa", null },
        { "root", "not-a-ca-client", "not-a-ca" },
        { "root", "no-certsign-client", "no-certsign" },
        { "root", "expired-ca-client", "expired-ca" },
        { "root", "server-usage-ca-client", "server-usage-ca" },
        { "root", "version1-ca-client", "version1-ca" },
        { "root", "constrained-client", "constrained" },
        { "root", "narrow-client", "narrow-chain" },
        { "root", "deep-client", "deep-chain" },
        { "shallow", "deep-client", "deep-chain" },
        { "shallow-whole", "deep-client", null },
        { "shallow", "client", "chain" },
        { "shallowest", "client", "chain" },
        { "shallowest", "direct", null },
        { "lenient-shallow", "deep-client", "deep-chain" },
        { "lenient", "other", "other-root" },
        { "lenient", "impostor", null },
        { "lenient", "impostor-no-akid", null },
        { "lenient", "self-signed", null },
        { "lenient", "stranger-expired", null },
        { "lenient", "server-usage", null },
        { "pss", "client", null },
        { "pss", "rsa", null },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_certificate_meets_the_same_verdict(string server, string client, string? chain) => ground.Compare(
        // Its own security level would keep the client from sending what is too weak.
        script => script.Tls(server, Trust.Shared.Client(client, chain, "-cipher", "DEFAULT@SECLEVEL=0")),
        $"{nameof(A_certificate_meets_the_same_verdict)}: {server} {client} {chain ?? "alone"}");
}
