namespace Countersign.Refusals;

/// <summary>The client wanted to negotiate anew on an open connection, or began by a renegotiation that is not safe.</summary>
public sealed record Renegotiation(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/renegotiation";

    public static Renegotiation? Of(HandshakeCase handshake) =>
        handshake.AlertReceived == 100 || handshake.AlertSent == 100
            || (handshake.End == HandshakeEnd.Failed && handshake.ErrorReason is HandshakeErrors.NoRenegotiation or HandshakeErrors.UnsafeLegacyRenegotiation or HandshakeErrors.ScsvWhenRenegotiating
                or HandshakeErrors.RenegotiateExtensionTooLong or HandshakeErrors.RenegotiationEncoding or HandshakeErrors.RenegotiationMismatch)
            ? new Renegotiation(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client of server {Phrase.Server(Case.Server)} wanted to negotiate TLS again on the same connection ({(Case.Error.Length > 0 ? Case.Error : "no_renegotiation, alert 100")}), "
        + "as some do that expect to be asked for their certificate only then; the gate asks in the first handshake and renegotiates with nobody";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Let the client send its certificate in the first handshake and turn its renegotiation off; TLS 1.3 has none", $"curl --tlsv1.3 --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Server.Port)}"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("version", Case.Version == 0 ? null : TlsNames.Version(Case.Version));
}
