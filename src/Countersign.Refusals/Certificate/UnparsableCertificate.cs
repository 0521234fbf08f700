namespace Countersign.Refusals;

/// <summary>What the client sent as a certificate is none that could be read.</summary>
/// <param name="Length">Bytes of it; 0 where they were not kept.</param>
/// <param name="Error">libssl's own words, when the handshake ended over it; otherwise empty.</param>
public sealed record UnparsableCertificate(int Length, string Error = "") : Reason
{
    public const string Name = "certificate/unparsable";

    /// <summary>libssl reads certificates in the handshake, all but their extensions.</summary>
    public static UnparsableCertificate? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, Stage: HandshakeStage.ClientFlight }
            && (handshake.ErrorReason is HandshakeErrors.Asn1Library or HandshakeErrors.X509Library or HandshakeErrors.X509LibraryOfAll
                or HandshakeErrors.CertificateLengthMismatch or HandshakeErrors.UnknownCertificateType or HandshakeErrors.UnableToFindPublicKeyParameters
                || handshake.Error.Contains("asn1", StringComparison.OrdinalIgnoreCase))
            ? new UnparsableCertificate(0, handshake.Error) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        (Length > 0 ? $"the {Length} bytes that the client sent as its certificate could not be read as one" : "what the client sent as its certificate could not be read as one")
        + (Error.Length > 0 ? $" ({Error})" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "See what OpenSSL says of the file", "openssl x509 -in client.pem -noout -text"),
    ];

    public override void Describe(Evidence evidence)
    {
        evidence.Add("error", Error.Length == 0 ? null : Error);
        if (Length > 0)
        {
            evidence.Add("bytes", Length);
        }
    }
}
