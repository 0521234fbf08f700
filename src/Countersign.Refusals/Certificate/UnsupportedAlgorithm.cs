namespace Countersign.Refusals;

/// <summary>A key or signature of the chain is of a kind that OpenSSL does not take.</summary>
/// <param name="Certificate">Null when the handshake ended over it: libssl keeps no chain then.</param>
public sealed record UnsupportedAlgorithm(CertificateFacts? Certificate, int Depth, string Problem) : Reason
{
    public const string Name = "certificate/unsupported-algorithm";

    /// <summary>A verification that meets a key which cannot be read is given up, and the handshake with it.</summary>
    public static UnsupportedAlgorithm? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, Stage: HandshakeStage.ClientFlight, ErrorReason: HandshakeErrors.CertificateVerifyFailed }
            && handshake.NginxLine.Contains("public key", StringComparison.Ordinal)
            ? new UnsupportedAlgorithm(handshake.Leaf, 0, "OpenSSL here does not know keys of that kind, or the key takes its parameters from another certificate") : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message => Certificate is null
        ? $"the client sent a certificate with a key that cannot be read: {Problem}"
        : $"{ChainText.Of(Certificate, Depth)} has {ObjectNames.Key(Certificate)} and is signed with {ObjectNames.Of(Certificate.SignatureAlgorithm)}: {Problem}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it with a named curve (P-256) or RSA, and SHA-256; see what it has with", "openssl x509 -in client.pem -noout -text | grep -E 'Algorithm|OID|Curve'"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("key", Certificate is null ? null : ObjectNames.Key(Certificate))
        .Add("signature", Certificate is null ? null : ObjectNames.Of(Certificate.SignatureAlgorithm))
        .Add("problem", Problem);
}
