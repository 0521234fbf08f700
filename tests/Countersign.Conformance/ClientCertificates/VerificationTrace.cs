using System.Text.RegularExpressions;

namespace Countersign.Conformance;

/// <summary>What the debug log tells of a chain: every error in the order OpenSSL met it, with its depth.</summary>
public sealed partial class VerificationTrace(Ground<VerificationTrace.Servers> ground) : IClassFixture<Ground<VerificationTrace.Servers>>
{
    public sealed class Servers : Subject
    {
        private const string Traced = "error_log logs/error.log info; error_log logs/debug.log debug; ";

        public override string Http =>
            TlsServers.Server("root", "root", Traced + "ssl_verify_depth 5;")
            + TlsServers.Server("whole", "bundle-intermediate-first", Traced + "ssl_verify_depth 2;")
            + TlsServers.Server("shallow", "root", Traced + "ssl_verify_depth 1;")
            + TlsServers.Server("lapsed", "bundle-intermediate-first", Traced + "ssl_crl pki/crl-lapsed.pem; ssl_verify_depth 3;")
            + TlsServers.Server("lenient", "root", Traced + "ssl_verify_client optional_no_ca; ssl_verify_depth 5;");
    }

    public static TheoryData<string, string, string?> All() => new()
    {
        { "root", "direct", null },
        { "root", "client", "chain" },
        { "root", "other", null },
        { "root", "other", "other-root" },
        { "root", "self-signed", null },
        { "root", "stranger-expired", null },
        { "root", "server-usage", null },
        { "root", "impostor-no-akid", null },
        { "root", "not-a-ca-client", "not-a-ca" },
        { "root", "no-certsign-client", "no-certsign" },
        { "root", "narrow-client", "narrow-chain" },
        { "root", "constrained-client", "constrained" },
        { "shallow", "deep-client", "deep-chain" },
        { "whole", "client", null },
        { "lapsed", "client2", null },
        { "lenient", "stranger-expired", null },
        { "lenient", "other", null },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task The_errors_are_traced_in_the_same_order(string server, string client, string? chain) => ground.Compare(
        async script =>
        {
            var log = new LogFile(Path.Combine(script.Prefix, "logs/debug.log"));
            var from = log.Length;
            await script.Tls(server, Trust.Shared.Client(client, chain));
            foreach (Match step in Step().Matches(log.Read(from)))
            {
                script.Saw(step.Value + "\n");
            }
        },
        $"{nameof(The_errors_are_traced_in_the_same_order)}: {server} {client} {chain ?? "alone"}");

    [GeneratedRegex(@"verify:\d, error:\d+, depth:\d+, subject:"".*"", issuer:"".*""")]
    private static partial Regex Step();
}
