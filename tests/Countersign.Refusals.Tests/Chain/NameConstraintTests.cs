using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.Chain;

/// <summary>A name is called the offender exactly where openssl refuses it, by the rules for each kind of name.</summary>
public sealed class NameConstraintTests
{
    public static TheoryData<string, string, string> All() => new()
    {
        // Constraint, subject, subjectAltName in openssl's syntax.
        { "permitted;DNS:example.com", "/CN=x", "DNS:example.com" },
        { "permitted;DNS:example.com", "/CN=x", "DNS:a.b.example.com" },
        { "permitted;DNS:example.com", "/CN=x", "DNS:EXAMPLE.com" },
        { "permitted;DNS:example.com", "/CN=x", "DNS:badexample.com" },
        { "permitted;DNS:.example.com", "/CN=x", "DNS:example.com" },
        { "permitted;DNS:.example.com", "/CN=x", "DNS:a.example.com" },
        { "permitted;DNS:example.com", "/CN=x", "DNS:a.example.com,DNS:example.org" },
        { "permitted;DNS:example.com", "/CN=host.example.org", "" },
        { "permitted;DNS:example.com", "/CN=device 7", "" },
        { "permitted;DNS:example.com", "/CN=a..b", "" },
        { "permitted;DNS:example.com", "/CN=-a.example.org", "" },
        { "permitted;DNS:example.com", "/CN=a-.example.org", "" },
        { "permitted;DNS:example.com", "/CN=host.example.org", "DNS:a.example.com" },
        { "permitted;DNS:example.com", "/CN=host.example.org", "email:me@example.org" },
        { "excluded;DNS:example.com", "/CN=x", "DNS:a.example.com" },
        { "excluded;DNS:example.com", "/CN=x", "DNS:example.org" },
        { "permitted;email:example.com", "/CN=x", "email:me@example.com" },
        { "permitted;email:example.com", "/CN=x", "email:me@a.example.com" },
        { "permitted;email:.example.com", "/CN=x", "email:me@a.example.com" },
        { "permitted;email:.example.com", "/CN=x", "email:me@example.com" },
        { "permitted;email:me@example.com", "/CN=x", "email:me@EXAMPLE.com" },
        { "permitted;email:me@example.com", "/CN=x", "email:ME@example.com" },
        { "permitted;email:example.com", "/CN=x/emailAddress=me@example.org", "" },
        { "permitted;URI:example.com", "/CN=x", "URI:https://example.com/a" },
        { "permitted;URI:example.com", "/CN=x", "URI:https://example.com:8443/a" },
        { "permitted;URI:example.com", "/CN=x", "URI:https://a.example.com/" },
        { "permitted;URI:.example.com", "/CN=x", "URI:https://a.example.com/" },
        { "permitted;URI:example.com", "/CN=x", "URI:https://example.com?q" },
        { "permitted;URI:example.com", "/CN=x", "URI:https://example.com/a:b" },
        { "permitted;IP:192.0.2.0/255.255.255.0", "/CN=x", "IP:192.0.2.77" },
        { "permitted;IP:192.0.2.0/255.255.255.0", "/CN=x", "IP:192.0.3.1" },
        { "permitted;IP:192.0.2.9/255.255.255.0", "/CN=x", "IP:192.0.2.77" },
        { "permitted;IP:10.0.0.0/255.0.255.0", "/CN=x", "IP:10.9.0.3" },
        { "permitted;IP:10.0.0.0/255.0.255.0", "/CN=x", "IP:10.9.1.3" },
        { "permitted;IP:10.0.0.0/255.0.0.0", "/CN=x", "IP:2001:db8::1" },
        { "excluded;IP:2001:db8::/ffff:ffff::", "/CN=x", "IP:2001:db8::1" },
        { "permitted;dirName:dir", "/O=Example/CN=x", "" },
        { "permitted;dirName:dir", "/O=EXAMPLE/CN=x", "" },
        { "permitted;dirName:dir", "/O=Example  /CN=x", "" },
        { "permitted;dirName:dir", "/O=Elsewhere/CN=x", "" },
        { "permitted;dirName:dir", "/CN=x/O=Example", "" },
        { "permitted;dirName:dir", "/O=Examples/CN=x", "" },
        { "permitted;dirName:dir", "/O=Example/CN=x", "dirName:other" },
        { "excluded;dirName:dir", "/O=Example/OU=a, O=b/CN=x", "" },
        { "permitted;DNS:example.com,excluded;DNS:secret.example.com", "/CN=x", "DNS:a.secret.example.com" },
    };

    [Theory, MemberData(nameof(All))]
    public async Task The_offender_is_named_exactly_where_openssl_refuses(string constraint, string subject, string alternative)
    {
        using var folder = new TemporaryFolder();
        var settings = folder.Write("x.cnf", $"""
            [req]
            distinguished_name=none
            [none]
            [dir]
            O=Example
            [other]
            O=Other
            [ca]
            basicConstraints=critical,CA:TRUE
            nameConstraints=critical,{constraint}
            [leaf]
            basicConstraints=CA:FALSE
            {(alternative.Length == 0 ? "" : "subjectAltName=" + alternative)}
            """);
        string[] key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", settings];
        await Run(["req", "-x509", .. key, "-keyout", folder.File("ca.key"), "-subj", "/CN=ca", "-extensions", "ca", "-out", folder.File("ca.pem")]);
        await Run(["req", "-x509", .. key, "-keyout", folder.File("x.key"), "-subj", subject, "-extensions", "leaf", "-CA", folder.File("ca.pem"), "-CAkey", folder.File("ca.key"), "-out", folder.File("x.pem")]);
        var said = (await OpenSsl.Run("verify", "-CAfile", folder.File("ca.pem"), folder.File("x.pem"))).Both;
        var code = said.Contains("error 47 at", StringComparison.Ordinal) ? 47 : said.Contains("error 48 at", StringComparison.Ordinal) ? 48 : 0;
        (code != 0 || said.EndsWith(": OK\n", StringComparison.Ordinal)).ShouldBeTrue(said);

        foreach (var asked in (int[])[47, 48])
        {
            var reason = ChainReasons.Of(Chains.Case([Read("x.pem")], Trust(), Chains.IsSigned, (asked, 0))).Reason.ShouldBeOfType<NameConstraint>();
            (reason.Offender is not null).ShouldBe(asked == code, $"{asked} where openssl says {said}; {reason.Message}");
        }

        CertificateFacts Read(string file)
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(folder.File(file));
            return CertificateReader.Read(certificate.RawData)!;
        }

        TrustFacts Trust() => Chains.Trusting() with { Certificates = [new TrustedCertificate(Read("ca.pem"), "ca.pem", true)] };
    }

    private static async Task Run(string[] arguments)
    {
        var result = await OpenSsl.Run(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
    }
}
