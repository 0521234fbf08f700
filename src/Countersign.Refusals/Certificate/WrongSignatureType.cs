namespace Countersign.Refusals;

/// <summary>The client signed the handshake with an algorithm that it was not offered, or that its key or the version does not allow.</summary>
public sealed record WrongSignatureType(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "certificate/wrong-signature-type";

    public static WrongSignatureType? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, ErrorReason: HandshakeErrors.WrongSignatureType } ? new WrongSignatureType(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client signed the handshake{Certificate} with an algorithm that it may not use{Version}: the gate takes {Phrase.List([.. Fitting])}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Update the client's TLS library: TLS 1.3 wants RSA-PSS in the place of PKCS #1 v1.5, and ties each curve to one hash", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key </dev/null"),
        new(Blame.Client, "Until then hold it to TLS 1.2, where the older algorithms are allowed", $"curl --tls-max 1.2 --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Server.Port)}"),
    ];

    private string Certificate => Case.Leaf is { } leaf ? $" for \"{leaf.Subject}\" ({ObjectNames.Key(leaf)})" : "";

    private string Version => Case.Version == 0 ? "" : $" in {TlsNames.Version(Case.Version)}";

    // Of what was offered, what the client's key can make.
    private IEnumerable<string> Fitting
    {
        get
        {
            var offered = Case.Server.SignatureAlgorithms;
            var ofKey = Case.Leaf is { } leaf ? SignatureSchemes.OfKey(leaf, Case.Version == 0x0304) : [];
            var fitting = ofKey.Count == 0 ? offered : offered.Count == 0 ? ofKey : [.. ofKey.Intersect(offered)];
            return fitting.Select(SignatureSchemes.Name);
        }
    }

    private protected override void Explain(Evidence evidence) => evidence
        .Add("certificate", Case.Leaf)
        .Add("key", Case.Leaf is { } leaf ? ObjectNames.Key(leaf) : null)
        .Add("taken", Fitting)
        .Add("version", Case.Version == 0 ? null : TlsNames.Version(Case.Version));
}
