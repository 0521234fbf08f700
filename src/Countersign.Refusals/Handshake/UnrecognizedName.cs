namespace Countersign.Refusals;

/// <summary>The server that the handshake came to turns all handshakes away (ssl_reject_handshake).</summary>
public sealed record UnrecognizedName(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/unrecognized-name";

    public static UnrecognizedName? Of(HandshakeCase handshake) => handshake.End == HandshakeEnd.Rejected ? new UnrecognizedName(handshake) : null;

    /// <summary>The server_name that is most like what the client named; null when none is near.</summary>
    public string? Nearest => Case.Sni is { } sni && !Case.IsSniKnown ? NearestName.Of(sni, Case.NamesOfAddress) : null;

    public override string Id => Name;

    public override Blame Blame => Case.Sni is null ? Blame.Client : Blame.Operator;

    public override string Message => (Case.Sni, Case.IsSniKnown) switch
    {
        ({ } sni, true) => $"the client named {Phrase.Quoted(sni)} in its handshake, which belongs to {Phrase.Server(Case.Server)}, where ssl_reject_handshake is on",
        ({ } sni, false) => $"the client named {Phrase.Quoted(sni)} in its handshake, which is no server_name of this address{Near}; {Default}",
        _ => $"the client named no server in its handshake (no SNI); {Default}",
    };

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Connect by a name that a server has", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Nearest, Case.NamesOfAddress.FirstOrDefault(name => name.Length > 0)), Case.Server.Port)}"),
        new(Blame.Operator, "Or give the name to the server that is meant", Case.Sni is null ? null : $"server_name {Phrase.Paste(Case.Sni)};"),
    ];

    private string Default => $"the default server of the address is {Phrase.Server(Case.Server)}, where ssl_reject_handshake is on";

    private string Near => Nearest is { } name ? $" (the nearest is \"{name}\")" : "";

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni ?? "")
        .Add("sni_is_known", Case.IsSniKnown)
        .Add("nearest_name", Nearest)
        .Add("names", Case.NamesOfAddress);
}
