namespace Countersign.Refusals;

/// <summary>The handshake failed in a way that has no better words here.</summary>
public sealed record HandshakeUnexplained(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/unexplained";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Confidence.Possible;

    public override string Message =>
        $"the handshake with server {Phrase.Server(Case.Server)} failed"
        + (Case.AlertReceived is { } alert ? $", as the client said, by {AlertName.Of(alert)} (alert {alert})" : Case.Error.Length > 0 ? $": {Case.Error}" : "")
        + ", and nothing that the gate knows says more about it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "See how far openssl gets with the same files", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key -state"),
        new(Blame.Operator, "See libssl's own trace of it in the error log", "error_log logs/debug.log debug;"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("error_reason", Case.ErrorReason)
        .Add("certificate", Case.Leaf);
}
