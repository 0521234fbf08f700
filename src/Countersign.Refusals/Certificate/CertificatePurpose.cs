namespace Countersign.Refusals;

/// <summary>The extended key usage does not let the certificate be a client's.</summary>
public sealed record CertificatePurpose(CertificateFacts Certificate, DateTimeOffset Now) : Reason
{
    public const string Name = "certificate/purpose";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" may be used for {ObjectNames.Of(Certificate.ExtendedKeyUsage ?? [])}, and a client's needs clientAuth"
        + (IsAfterPublicEnd ? "; it is of a public authority, and those have ended clientAuth in 2026" : "");

    public override IReadOnlyList<Advice> Advice => IsAfterPublicEnd
        ?
        [
            new(Blame.Client, "Get the client's certificate from a private authority that this server accepts: public ones issue for servers only; see the purposes of this one with", "openssl x509 -in client.pem -noout -ext extendedKeyUsage"),
            new(Blame.Operator, "Make an authority of your own for clients, and trust that instead of a public one", "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout clients-ca.key -out clients-ca.pem -days 3650 -subj '/CN=Clients'"),
        ]
        :
        [
            new(Blame.Authority, "Issue it with the client's purpose: in the extensions file of openssl x509 -req or openssl ca", "extendedKeyUsage = clientAuth"),
            new(Blame.Client, "Use a certificate that was issued for clients; see the purposes of this one with", "openssl x509 -in client.pem -noout -ext extendedKeyUsage"),
        ];

    /// <summary>A server's certificate under a policy of the CA/Browser Forum, which only public authorities may name.</summary>
    public bool IsPublicServer => Certificate.ExtendedKeyUsage?.Contains("1.3.6.1.5.5.7.3.1") == true
        && Certificate.Policies.Any(policy => policy.StartsWith("2.23.140.1.", StringComparison.Ordinal));

    /// <summary>Let's Encrypt and the authorities of Chrome's programme issue no clientAuth since 2026.</summary>
    public bool IsAfterPublicEnd => IsPublicServer && Certificate.NotBefore.Year >= 2026;

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("required", "clientAuth (1.3.6.1.5.5.7.3.2)")
        .Add("present", (Certificate.ExtendedKeyUsage ?? []).Select(ObjectNames.Of))
        .Add("policies", Certificate.Policies)
        .Add("not_before", Certificate.NotBefore)
        .Add("is_public_server_certificate", IsPublicServer)
        .Add("is_after_public_end", IsAfterPublicEnd);
}
