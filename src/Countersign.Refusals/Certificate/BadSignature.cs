namespace Countersign.Refusals;

/// <summary>The client's signature over the handshake does not fit the key of its certificate.</summary>
public sealed record BadSignature(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "certificate/bad-signature";

    public static BadSignature? Of(HandshakeCase handshake) =>
        handshake.End == HandshakeEnd.Failed && handshake.ErrorReason is HandshakeErrors.BadSignature or HandshakeErrors.WrongSignatureLength or HandshakeErrors.WrongSignatureSize
            ? new BadSignature(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        (Case.Leaf is { } leaf
            ? $"the client sent the certificate \"{leaf.Subject}\" ({ObjectNames.Key(leaf)}, key SHA-256 {leaf.PublicKeySha256}) and signed the handshake with another key"
            : "the client's signature over the handshake does not fit the key of the certificate it sent")
        + $" ({Case.Error}): it does not have the certificate's key, or what signs for it, such as a token or TPM, signs wrongly";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Compare the keys of certificate and key file: both lines must be equal", "openssl x509 -in client.pem -noout -pubkey | openssl sha256; openssl pkey -in client.key -pubout | openssl sha256"),
        new(Blame.Client, "If a token or TPM signs: try TLS 1.2, where RSA-PSS with its salt is not needed", $"openssl s_client -tls1_2 {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("certificate", Case.Leaf)
        .Add("certificate_key_sha256", Case.Leaf?.PublicKeySha256)
        .Add("version", Case.Version == 0 ? null : TlsNames.Version(Case.Version));
}
