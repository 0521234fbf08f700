namespace Countersign.Refusals;

/// <summary>The client was asked and has no certificate to send.</summary>
public sealed record NotConfigured(NoCertificateCase Case) : Reason
{
    public const string Name = "not-sent/not-configured";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Confidence.Likely;

    public override string Message => $"server \"{Case.Handshake.Name}\" asked for a certificate, and the client sent none";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Give the client its certificate and key", "curl --cert client-chain.pem --key client.key https://" + Case.Handshake.Name + "/"),
    ];

    public override void Describe(Evidence evidence) => evidence.Add("asked_by", Case.Handshake.Name);
}
