namespace Countersign.Refusals;

/// <summary>The settings that the handshake was made under ask nobody, though the server of the request wants a certificate.</summary>
public sealed record VerificationOff(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/verification-off";

    public static VerificationOff? Of(NoCertificateCase request) =>
        !request.IsLedElsewhere && request.IsSniKnown && !request.IsResumed && !request.IsByNewPlan ? new VerificationOff(request) : null;

    internal static VerificationOff From(NoCertificateCase request, IReadOnlyList<string> others) => new(request) { Alternatives = others };

    /// <summary>A server without a certificate of its own has its handshakes done with the default server's settings, as under nginx.</summary>
    public bool HasNoCertificate => Case.Addressed.CertificateAt.Length == 0;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override Confidence Confidence => HasNoCertificate ? Confidence.Proved : Confidence.Likely;

    public override string Message => HasNoCertificate
        ? $"server {Phrase.Server(Case.Addressed)} has ssl_verify_client {Case.Addressed.Trust.Mode} ({Case.Addressed.Trust.ModeAt}) and no ssl_certificate of its own: "
            + "its handshakes are done with the settings of the default server of the address, which does not ask for a certificate"
        : $"server {Phrase.Server(Case.Addressed)} has ssl_verify_client {Case.Addressed.Trust.Mode} ({Case.Addressed.Trust.ModeAt}), "
            + $"but the handshake, led by {Phrase.Server(Case.Handshake)} with ssl_verify_client {Case.Handshake.Trust.Mode}, did not ask for a certificate";

    public override IReadOnlyList<Advice> Advice => HasNoCertificate
        ?
        [
            AskedElsewhere.OwnCertificate(Case),
            new(Blame.Operator, "Or turn verification on in the default server of the address", $"ssl_verify_client optional; {ChainText.BundleDirective(Case.Addressed.Trust)}"),
        ]
        :
        [
            new(Blame.Operator, $"Turn verification on where the handshake is led ({Case.Handshake.At})", $"ssl_verify_client optional; {ChainText.BundleDirective(Case.Addressed.Trust)}"),
        ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("host", Case.Request.Host)
        .Add("addressed_server_asks", Case.Addressed.Trust.Mode)
        .Add("addressed_server_asks_at", Case.Addressed.Trust.ModeAt)
        .Add("has_own_certificate", !HasNoCertificate);
}
