namespace Countersign.Refusals;

/// <summary>The client's chain is larger than the gate reads.</summary>
public sealed record MessageTooLarge(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "certificate/message-too-large";

    public static MessageTooLarge? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, ErrorReason: HandshakeErrors.ExcessiveMessageSize } ? new MessageTooLarge(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    // Other messages have limits, too, and no client comes near them.
    public override Confidence Confidence => Case.MessageBytes > 0 ? Confidence.Proved : Confidence.Likely;

    public override string Message => Case.MessageBytes > 0
        ? $"the client's certificates are {Case.MessageBytes} bytes, {Case.MessageBytes - Case.MessageLimit} more than the {Case.MessageLimit} that the gate reads"
        : $"the client's certificates are more than the {Case.MessageLimit} bytes that the gate reads";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Send the client's own certificate and its intermediates only, not a whole store; count what the file has", "grep -c 'BEGIN CERTIFICATE' client-chain.pem"),
        new(Blame.Authority, "If it is one certificate: see what makes it so large, such as a picture or very many names", "openssl x509 -in client.pem -noout -text | wc -c"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("bytes", Case.MessageBytes)
        .Add("limit", Case.MessageLimit);
}
