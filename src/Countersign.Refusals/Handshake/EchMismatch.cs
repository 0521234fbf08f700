namespace Countersign.Refusals;

/// <summary>The client encrypted its hello for a server that could read it (ECH), and the gate has no such key.</summary>
public sealed record EchMismatch(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/ech-mismatch";

    public static EchMismatch? Of(HandshakeCase handshake) => handshake.AlertReceived == 121 ? new EchMismatch(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        "the client ended the handshake by ech_required (alert 121): it encrypted its ClientHello by a key that the name's HTTPS record in DNS has, "
        + $"and the gate, which knows no ECH, answered the outer name {Phrase.Quoted(Case.Sni ?? "")} with server {Phrase.Server(Case.Server)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Take ech= out of the HTTPS record of the name, or send such clients to a server that has the key; the record says", $"dig +short {Host} HTTPS"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("hello_is_encrypted", Case.Hello?.HasEncryptedHello ?? false);
}
