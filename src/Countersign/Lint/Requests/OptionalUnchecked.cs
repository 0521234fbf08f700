using Countersign.Configuration;

namespace Countersign.Lint.Requests;

/// <summary>With optional and optional_no_ca somebody else has to look at the result.</summary>
internal sealed class OptionalUnchecked : LintRule
{
    private const string Result = "ssl_client_verify";

    // Of a certificate that nobody verified, only what a stranger cannot choose: all of it for another to verify, or its fingerprint.
    private static readonly HashSet<string> Unforgeable = new(
        ["ssl_client_cert", "ssl_client_raw_cert", "ssl_client_escaped_cert", "ssl_client_fingerprint", "ssl_client_sha256", "ssl_client_spki_sha256"], StringComparer.Ordinal);

    public override string Id => "lint/optional-unchecked";

    public override IEnumerable<LintWarning> Check(LintCase lint) => lint.Asking
        .Where(server => server.Ssl.VerifyClient is VerifyClient.Optional or VerifyClient.OptionalNoCa && !TurnedAway.By(server) && !TurnedAway.ToElsewhere(server))
        .Where(server => !VariableUses.Of(server, lint).Any(name => Checks(server.Ssl.VerifyClient, name)))
        .Select(server => new LintWarning(
            Id,
            server.Ssl.VerifyClient == VerifyClient.Optional
                ? "\"ssl_verify_client optional\" lets clients without a certificate in, and nothing here or towards the backend looks at $ssl_client_verify"
                : "\"ssl_verify_client optional_no_ca\" lets clients in with no certificate or any, and nothing here or towards the backend looks at $ssl_client_verify",
            server.Ssl.VerifyClientAt ?? server.Position,
            "Write ssl_verify_client on, or in the locations that need a certificate:",
            "if ($ssl_client_verify != SUCCESS) { return 403; }\nproxy_set_header X-SSL-Client-Verify $ssl_client_verify;")
        {
            Servers = [server],
        });

    // With optional a certificate that is presented has been verified: no name, no client.
    private static bool Checks(VerifyClient mode, string name) =>
        name == Result || (mode == VerifyClient.Optional ? name.StartsWith("ssl_client_", StringComparison.Ordinal) : Unforgeable.Contains(name));
}
