namespace Countersign.Refusals;

/// <summary>The client's chain is larger than the gate reads.</summary>
public sealed record MessageTooLarge(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "certificate/message-too-large";

    /// <summary>libssl does not tell the length that it turned down, only in which message it came.</summary>
    public static MessageTooLarge? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, ErrorReason: HandshakeErrors.ExcessiveMessageSize, IsOverCertificate: true } ? new MessageTooLarge(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the certificates that the client sent to server {Phrase.Server(Case.Server)} are more than the {Case.MessageLimit} bytes that the gate reads";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Send the client's own certificate and its intermediates only, not a whole store; count what the file has", "grep -c 'BEGIN CERTIFICATE' client-chain.pem"),
        new(Blame.Authority, "If it is one certificate: see what makes it so large, such as a picture or very many names", "openssl x509 -in client.pem -noout -text | wc -c"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("limit", Case.MessageLimit)
        .Add("version", Case.Version == 0 ? null : TlsNames.Version(Case.Version));
}
