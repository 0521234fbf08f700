namespace Countersign.Refusals;

/// <summary>No server has the name of the handshake, so the default server led it, and its policy is another one.</summary>
public sealed record UnknownSni(NoCertificateCase Case, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/unknown-sni";

    public static UnknownSni? Of(NoCertificateCase request) =>
        request.Sni is not null && AskedElsewhere.Of(request) is { } weight ? new UnknownSni(request, weight) : null;

    /// <summary>The server_name that is most like it; null when none is near.</summary>
    public string? Nearest => NearestName.Of(Case.Sni!, Case.NamesOfAddress);

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"the client named {Phrase.Quoted(Case.Sni!)} in its handshake, which is no server_name of this address"
        + (Nearest is { } name ? $" (the nearest is \"{name}\")" : "")
        + $", so the default server {Phrase.Server(Case.Handshake)} led it, {AskedElsewhere.Policy(Case)}; "
        + $"its Host {Phrase.Quoted(Case.Request.Host)} belongs to {Phrase.Server(Case.Addressed)}, which wants a certificate ({Case.Addressed.Trust.ModeAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Add the name to the server that wants the certificate ({Case.Addressed.At})", $"server_name {string.Join(' ', Names.Append(Phrase.Paste(Case.Sni)))};"),
        new(Blame.Client, "Or connect by a name that the server has", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Nearest, Case.Addressed.Name), Case.Addressed.Port)}"),
    ];

    private IEnumerable<string> Names => Case.Addressed.Names.Where(name => name.Length > 0).Take(8);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("host", Case.Request.Host)
        .Add("nearest_name", Nearest)
        .Add("names", Case.NamesOfAddress)
        .Add("default_server_asks", Case.Handshake.Trust.Mode)
        .Add("default_server_asks_at", Case.Handshake.Trust.ModeAt);
}
