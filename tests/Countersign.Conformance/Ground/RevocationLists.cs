namespace Countersign.Conformance;

/// <summary>CRLs of the two authorities of <see cref="Trust"/>: good, lapsed, early, forged, one missing.</summary>
internal static class RevocationLists
{
    public static void Write(Trust trust)
    {
        var now = DateTimeOffset.UtcNow;
        var root = trust["root"];
        var issuing = trust["intermediate"];
        var good = root.Crl();
        trust.Write("crl-good.pem", good + issuing.Crl());
        trust.Write("crl-revoked.pem", good + issuing.Crl([trust["client2"]]));
        trust.Write("crl-ca-revoked.pem", root.Crl([issuing]) + issuing.Crl());
        trust.Write("crl-root-only.pem", good);
        trust.Write("crl-other.pem", trust["other-root"].Crl());
        var lapsed = (From: now.AddDays(-9), To: now.AddDays(-2));
        trust.Write("crl-lapsed.pem", root.Crl(null, lapsed.From, lapsed.To) + issuing.Crl([trust["client2"]], lapsed.From, lapsed.To));
        trust.Write("crl-early.pem", root.Crl(null, now.AddDays(2)) + issuing.Crl(null, now.AddDays(2)));
        trust.Write("crl-impostor.pem", trust["impostor-root"].Crl());
        trust.Write("crl-forged.pem", trust["impostor-root"].Crl(keyOf: root));

        var silent = trust["root"].Issue("CN=No crlsign", CertificateShape.Authority with
        {
            KeyUsage = System.Security.Cryptography.X509Certificates.X509KeyUsageFlags.KeyCertSign,
        });
        var client = silent.Issue("CN=under no crlsign");
        trust.Write("no-crlsign.pem", silent.Pem);
        trust.Write("no-crlsign-client.pem", client.Pem);
        trust.Write("no-crlsign-client.key", client.KeyPem);
        trust.Write("crl-no-crlsign.pem", good + silent.Crl());
    }
}
