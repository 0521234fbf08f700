namespace Countersign.Lint.Trust;

/// <summary>Only ssl_client_certificate is named to clients.</summary>
internal sealed class VerifyWithoutBundleNames : LintRule
{
    public override string Id => "lint/verify-without-bundle-names";

    public override IEnumerable<LintWarning> Check(LintCase lint) => lint.Asking
        .Where(server => server.Ssl is { ClientCertificate: null, TrustedCertificate: not null } && !TurnedAway.By(server))
        .Select(server => new LintWarning(
            Id,
            $"clients are not told which authorities are trusted, as {LintText.Of(server.Ssl.TrustedCertificate!)} is ssl_trusted_certificate only: whoever has several certificates has to guess",
            server.Ssl.TrustedCertificateAt ?? server.Position,
            "Name in ssl_client_certificate the authorities that clients are to choose by:",
            $"ssl_client_certificate {LintText.Of(server.Ssl.TrustedCertificate!)};")
        {
            Servers = [server],
        });
}
