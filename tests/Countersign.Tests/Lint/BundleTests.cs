namespace Countersign.Tests.Lint;

public sealed class BundleTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Tested _gate = new();

    [Fact, Warns("lint/root-missing")]
    public void A_bundle_that_ends_below_the_root_is_told() =>
        Said(Tested.Issuing.Pem).ShouldBeOnPage("lint/root-missing").ShouldBe(
            $"""
            countersign: [warn] "CN=Issuing" (certificate 1) in {_gate.File("bundle.pem")} leads to no root, as "CN=Root" is not there: all clients below are refused (lint/root-missing, server "gate.example.com") in {_gate.Path}/nginx.conf:4
              Append what is missing, up to a certificate that signed itself:
                  cat root.pem >> {_gate.File("bundle.pem")}

            """);

    [Fact, Warns("lint/root-missing")]
    public void A_namesake_of_the_root_is_not_the_root() =>
        Said(Tested.Issuing.Pem + Identity.SelfSigned("CN=Root").Pem).ShouldContain("(lint/root-missing, ");

    [Fact, Quiet("lint/root-missing")]
    public void A_root_alone_is_enough() => Said(Tested.Root.Pem).ShouldBeEmpty();

    [Fact, Quiet("lint/root-missing")]
    public void A_root_may_stand_in_the_other_file()
    {
        _gate.Write("root.pem", Tested.Root.Pem);
        Said(Tested.Issuing.Pem, "ssl_trusted_certificate root.pem;").ShouldBeEmpty();
    }

    [Fact, Warns("lint/depth-too-small")]
    public void A_bundle_with_more_authorities_than_ssl_verify_depth_allows_is_told()
    {
        var branch = Tested.Issuing.Issue("CN=Branch", CertificateShape.Authority);
        Said(branch.Pem + Tested.Issuing.Pem + Tested.Root.Pem).ShouldBeOnPage("lint/depth-too-small").ShouldBe(
            $"""
            countersign: [warn] clients of "CN=Branch" (certificate 1) in {_gate.File("bundle.pem")} need ssl_verify_depth 2 and have 1: the way up is "CN=Branch", "CN=Issuing", "CN=Root" (lint/depth-too-small, server "gate.example.com") in {_gate.Path}/nginx.conf:3
              Allow the authorities that the bundle has:
                  ssl_verify_depth 2;

            """);
    }

    [Fact, Quiet("lint/depth-too-small")]
    public void The_depth_that_the_bundle_has_is_enough()
    {
        var branch = Tested.Issuing.Issue("CN=Branch", CertificateShape.Authority);
        Said(branch.Pem + Tested.Issuing.Pem + Tested.Root.Pem, "ssl_verify_depth 2;").ShouldBeEmpty();
    }

    [Fact, Warns("lint/expired-in-bundle")]
    public void An_authority_that_ended_is_told()
    {
        var ended = Tested.Root.Issue("CN=Old", CertificateShape.Authority with { NotBefore = Now.AddDays(-100), NotAfter = Now.AddDays(-1) });
        Said(ended.Pem + Tested.Root.Pem).ShouldBeOnPage("lint/expired-in-bundle").ShouldMatch("\"CN=Old\" \\(certificate 1, until [^)]*\\) in .* ended: clients whose path leads over it are refused \\(lint/expired-in-bundle, ");
    }

    [Fact, Warns("lint/expired-in-bundle")]
    public void An_authority_that_ends_within_30_days_is_told()
    {
        var ending = Tested.Root.Issue("CN=Old", CertificateShape.Authority with { NotAfter = Now.AddDays(29) });
        Said(ending.Pem + Tested.Root.Pem).ShouldContain("will have ended within 30 days: clients whose path leads over it are refused then (lint/expired-in-bundle, server \"gate.example.com\")");
    }

    [Fact, Quiet("lint/expired-in-bundle")]
    public void An_authority_that_has_been_renewed_may_have_ended()
    {
        var ended = Tested.Root.Issue("CN=Renewed", CertificateShape.Authority with { NotBefore = Now.AddDays(-100), NotAfter = Now.AddDays(-1) });
        var renewed = Tested.Root.Issue("CN=Renewed", CertificateShape.Authority, ended.Key);
        Said(ended.Pem + renewed.Pem + Tested.Root.Pem).ShouldBeEmpty();
    }

    [Fact, Quiet("lint/expired-in-bundle")]
    public void An_authority_with_31_days_to_go_is_fine() =>
        Said(Tested.Root.Issue("CN=Old", CertificateShape.Authority with { NotAfter = Now.AddDays(31) }).Pem + Tested.Root.Pem).ShouldBeEmpty();

    [Fact, Warns("lint/leaf-in-bundle")]
    public void A_client_s_certificate_among_the_authorities_is_told() =>
        Said(Tested.Issuing.Pem + Tested.Root.Pem + Tested.Issuing.Issue("CN=client 1").Pem + Tested.Issuing.Issue("CN=client 2").Pem).ShouldBeOnPage("lint/leaf-in-bundle").ShouldBe(
            $"""
            countersign: [warn] "CN=client 1" (certificate 3) and "CN=client 2" (certificate 4) in {_gate.File("bundle.pem")} are no authorities: it is the issuer that decides who comes in, so they change nothing but the names that clients are told (lint/leaf-in-bundle, server "gate.example.com") in {_gate.Path}/nginx.conf:4
              Take them out. To let in only some clients of an authority, compare their subjects or fingerprints (samples/subjects.conf).

            """);

    [Fact, Quiet("lint/leaf-in-bundle")]
    public void A_client_that_signed_itself_is_let_in_by_its_own_certificate() =>
        Said(Tested.Root.Pem + Identity.SelfSigned("CN=client 1", CertificateShape.Client).Pem).ShouldBeEmpty();

    [Fact, Warns("lint/duplicate-in-bundle")]
    public void A_certificate_that_is_in_the_file_twice_is_told() =>
        Said(Tested.Root.Pem + Tested.Issuing.Pem + Tested.Root.Pem).ShouldBeOnPage("lint/duplicate-in-bundle").ShouldStartWith(
            $"countersign: [warn] \"CN=Root\" (certificates 1 and 3) is in {_gate.File("bundle.pem")} more than once (lint/duplicate-in-bundle, server \"gate.example.com\")");

    [Fact, Quiet("lint/duplicate-in-bundle")]
    public void One_that_clients_are_told_of_may_be_in_the_file_of_all()
    {
        _gate.Write("all.pem", Tested.Root.Pem + Tested.Issuing.Pem);
        Said(Tested.Root.Pem, "ssl_trusted_certificate all.pem;").ShouldBeEmpty();
    }

    [Fact, Warns("lint/rekeyed-name")]
    public void Authorities_that_only_their_signature_tells_apart_are_told()
    {
        var shape = CertificateShape.Authority with { SubjectKeyIdentifier = false, AuthorityKeyIdentifier = false };
        Said(Identity.SelfSigned("CN=Twin", shape).Pem + Identity.SelfSigned("CN=Twin", shape).Pem).ShouldBeOnPage("lint/rekeyed-name").ShouldContain(
            "\"CN=Twin\" (certificate 1) and \"CN=Twin\" (certificate 2) in ");
    }

    [Fact, Quiet("lint/rekeyed-name")]
    public void Authorities_that_their_key_identifiers_tell_apart_may_share_a_name() =>
        Said(Identity.SelfSigned("CN=Twin").Pem + Identity.SelfSigned("CN=Twin").Pem).ShouldBeEmpty();

    [Fact, Warns("lint/advertised-list-too-large")]
    public void Names_that_do_not_fit_a_record_are_told() =>
        Said(Many(90)).ShouldBeOnPage("lint/advertised-list-too-large").ShouldContain("more than a TLS record of 16384: some clients end the handshake at that (lint/advertised-list-too-large, ");

    [Fact, Warns("lint/advertised-list-too-large")]
    public void Names_that_do_not_fit_a_handshake_are_told() => Said(Many(340)).ShouldContain("and TLS has room for 65535: every handshake fails");

    [Fact, Quiet("lint/advertised-list-too-large")]
    public void Authorities_that_clients_are_not_told_of_may_be_many()
    {
        _gate.Write("all.pem", Many(90));
        Said(Tested.Root.Pem, "ssl_trusted_certificate all.pem;").ShouldBeEmpty();
    }

    [Fact, Warns("lint/verify-without-bundle-names")]
    public void A_bundle_that_clients_are_not_told_of_is_told() =>
        _gate.Http(Tested.TlsServer("gate.example.com", "ssl_trusted_certificate bundle.pem;\nssl_verify_client on;")).ShouldBeOnPage("lint/verify-without-bundle-names").ShouldStartWith(
            $"countersign: [warn] clients are not told which authorities are trusted, as {_gate.File("bundle.pem")} is ssl_trusted_certificate only: whoever has "
            + $"several certificates has to guess (lint/verify-without-bundle-names, server \"gate.example.com\") in {_gate.Path}/nginx.conf:4\n");

    [Fact, Quiet("lint/verify-without-bundle-names")]
    public void A_server_that_asks_nobody_has_no_names_to_tell() =>
        _gate.Http(Tested.TlsServer("www.example.com", "ssl_trusted_certificate bundle.pem;")).ShouldBeEmpty();

    [Fact, Warns("lint/nginx-compatibility")]
    public void Nginx_s_rules_for_sessions_are_told() =>
        _gate.Http(Tested.Gate("gate.example.com", "compatibility nginx;")).ShouldBeOnPage("lint/nginx-compatibility").ShouldStartWith(
            "countersign: [warn] \"compatibility nginx\" lets a client resume its session although its certificate has been revoked or has ended, or was "
            + $"verified for another server (lint/nginx-compatibility, server \"gate.example.com\") in {_gate.Path}/nginx.conf:5\n");

    [Fact, Quiet("lint/nginx-compatibility")]
    public void Who_asks_for_no_certificate_may_have_nginx_s_rules() =>
        _gate.Http(Tested.TlsServer("www.example.com", "compatibility nginx; return 200;")).ShouldBeEmpty();

    private string Said(string bundle, string more = "")
    {
        _gate.Write("bundle.pem", bundle);
        return _gate.Http(Tested.Gate("gate.example.com", $"{more}\nlocation / {{ proxy_pass http://127.0.0.1:8080; }}"));
    }

    /// <summary>Roots with names of about 200 bytes.</summary>
    private static string Many(int count)
    {
        var key = Identity.NewKey(KeyKind.P256);
        var words = new string('x', 60);
        return string.Concat(Enumerable.Range(0, count).Select(
            number => Identity.SelfSigned($"CN=Authority {number} {words[..40]}, OU={words}, O={words}", key: key).Pem));
    }

    public void Dispose() => _gate.Dispose();
}
