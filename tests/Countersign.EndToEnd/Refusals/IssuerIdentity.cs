using System.Security.Cryptography;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Issuers that are there and did not sign, or signed under another name: key identifiers tell.</summary>
public sealed class IssuerIdentity(IssuerIdentity.Ground ground) : IClassFixture<IssuerIdentity.Ground>
{
    public sealed class Ground : RefusalGround
    {
        protected override Task<RefusalGate> Open() => RefusalGate.Trusting("ssl_verify_depth 3;", Root);
    }

    [Fact]
    [Refuses("chain/altered-certificate")]
    public async Task A_certificate_that_was_changed_after_it_was_signed_is_told_from_one_of_another_key()
    {
        var device = ground.Root.Issue("CN=genuine");
        var record = await ground.Gate.Refused(ground.Gate.As(Changed(device), device.KeyPem));
        record.ShouldBe("chain/altered-certificate", "client", "proved",
            ("depth", 0), ("certificate_subject", "CN=genuinf"), ("issuer_subject", "CN=Root"), ("issuer_is_trusted", true))
            .ShouldBeOnPage("chain/altered-certificate");
        record.Evidence("authority_key_id").ShouldBe(record.Evidence("issuer_key_id"));
        record.Errors.ShouldBe(["7@0"]);
    }

    [Fact]
    [Innocent("chain/altered-certificate")]
    public async Task A_certificate_of_a_key_that_the_name_had_before_was_not_changed()
    {
        var before = Identity.SelfSigned("CN=Root");
        (await ground.Gate.Refused(before.Issue("CN=of the old key"))).Id.ShouldBe("chain/same-name-other-key");
    }

    [Fact]
    [Refuses("chain/same-key-other-name")]
    public async Task An_authority_that_was_renamed_and_kept_its_key_is_found_by_its_key()
    {
        var old = ground.Root.Issue("CN=Clients G1", CertificateShape.Authority);
        var renamed = ground.Root.Issue("CN=Clients", CertificateShape.Authority, old.Key);
        var record = await ground.Gate.Refused(old.Issue("CN=device"), renamed);
        record.ShouldBe("chain/same-key-other-name", "authority", "proved",
            ("depth", 0), ("issuer_named", "CN=Clients G1"), ("signer_subject", "CN=Clients"), ("signer_is_trusted", false))
            .ShouldBeOnPage("chain/same-key-other-name");
        record.Evidence("authority_key_id").ShouldBe(record.Evidence("signer_key_id"));
    }

    [Fact]
    [Innocent("chain/same-key-other-name")]
    public async Task Names_that_differ_in_case_and_string_type_only_are_the_same()
    {
        var old = ground.Root.Issue("CN=Clients X", CertificateShape.Authority);
        var again = ground.Root.Issue("CN=CLIENTS x", CertificateShape.Authority, old.Key);
        await ground.Gate.Accepted(old.Issue("CN=device x"), again);
    }

    // The e at the end of its common name.
    private static string Changed(Identity identity)
    {
        var der = identity.Certificate.RawData;
        var at = der.AsSpan().IndexOf("genuine"u8);
        der[at + "genuin".Length]++;
        return new string(PemEncoding.Write("CERTIFICATE", der)) + "\n";
    }
}
