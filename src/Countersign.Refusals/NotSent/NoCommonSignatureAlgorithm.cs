namespace Countersign.Refusals;

/// <summary>With the signature algorithms that both sides take, the client's key cannot sign.</summary>
public sealed record NoCommonSignatureAlgorithm(NoCertificateCase Case, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/no-common-signature-algorithm";

    public static NoCommonSignatureAlgorithm? Of(NoCertificateCase request)
    {
        if (request.Hello is not { IsCut: false, SignatureAlgorithms.Count: > 0 } hello)
        {
            return null;
        }
        var common = Common(request, hello);
        if (common.Count == 0)
        {
            return new NoCommonSignatureAlgorithm(request, Confidence.Proved);
        }
        if (request.History?.Leaf is { } leaf && SignatureSchemes.OfKey(leaf, request.IsTls13) is { Count: > 0 } schemes)
        {
            return schemes.Intersect(common).Any() ? null : new NoCommonSignatureAlgorithm(request, Confidence.Likely);
        }
        // Most clients offer what their library has; one that leaves a whole kind of key out may have just that kind.
        return KeyKindsWithout(common, request.IsTls13).Count == 0 ? null : new NoCommonSignatureAlgorithm(request, Confidence.Possible);
    }

    public override string Id => Name;

    public override Blame Blame => OfGate.Count > 0 && KeyKindsWithout(OfGate, Case.IsTls13).Count > 0 ? Blame.Operator : Blame.Client;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"server {Phrase.Server(Case.Handshake)} asked for a certificate, and the client sent none: of the signature algorithms of both sides, "
        + (OfBoth.Count == 0 ? "none is common" : $"{Phrase.List(OfBoth)} {(OfBoth.Count == 1 ? "is" : "are")} common")
        + (Known is { } leaf && OfBoth.Count > 0 ? $", with which the key of \"{leaf.Subject}\" ({ObjectNames.Key(leaf)}), which it sent before, cannot sign in {TlsNames.Version(Case.Version)}"
            : Impossible.Count == 0 || OfBoth.Count == 0 ? "" : $", with which no {string.Join(" or ", Impossible)} key can sign in {TlsNames.Version(Case.Version)}; if the client's is one, that is why")
        + $"; only the client takes {Phrase.List(OnlyClient)}, only the gate {(OfGate.Count == 0 ? "what libssl has by default" : Phrase.List(OnlyGate))}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "See which the gate takes, and that no ssl_conf_command narrows them", "ssl_conf_command ClientSignatureAlgorithms ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256;"),
        new(Blame.Client, "A token or TPM that has no RSA-PSS can sign in TLS 1.2 only; try whether that is it", $"openssl s_client -tls1_2 {Phrase.Connect(Host, Case.Addressed.Port)} -cert client-chain.pem -key client.key"),
        new(Blame.Client, "Or use a key of a kind that both sides take", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client"),
    ];

    private string Host => Phrase.Paste(Case.Sni, Case.Handshake.Name);

    private CertificateFacts? Known => Case.History?.Leaf;

    private IReadOnlyList<int> OfGate => Case.Handshake.SignatureAlgorithms;

    private IReadOnlyList<int> OfClient => Case.Hello!.SignatureAlgorithms;

    private List<string> OfBoth => [.. Common(Case, Case.Hello!).Select(SignatureSchemes.Name)];

    private List<string> OnlyClient => OfGate.Count == 0 ? [] : [.. OfClient.Except(OfGate).Select(SignatureSchemes.Name)];

    private List<string> OnlyGate => [.. OfGate.Except(OfClient).Select(SignatureSchemes.Name)];

    private List<string> Impossible => KeyKindsWithout(Common(Case, Case.Hello!), Case.IsTls13);

    /// <summary>Of the kinds of key that nearly every client has one of, those that sign with none of the algorithms.</summary>
    private static List<string> KeyKindsWithout(IReadOnlyList<int> algorithms, bool isTls13)
    {
        int[] rsa = isTls13 ? [0x0804, 0x0805, 0x0806] : [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0201];
        int[] ec = isTls13 ? [0x0403] : [0x0403, 0x0503, 0x0603, 0x0203];
        return [.. rsa.Intersect(algorithms).Any() ? Array.Empty<string>() : ["RSA"], .. ec.Intersect(algorithms).Any() ? Array.Empty<string>() : ["EC P-256"]];
    }

    private static List<int> Common(NoCertificateCase request, ClientHelloFacts hello) => request.Handshake.SignatureAlgorithms is { Count: > 0 } ofGate
        ? [.. hello.SignatureAlgorithms.Intersect(ofGate)] : [.. hello.SignatureAlgorithms];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("of_client", OfClient.Select(SignatureSchemes.Name))
        .Add("of_gate", OfGate.Select(SignatureSchemes.Name))
        .Add("common", OfBoth)
        .Add("only_client", OnlyClient)
        .Add("only_gate", OnlyGate)
        .Add("version", TlsNames.Version(Case.Version))
        .Add("sent_before", Known)
        .Add("sent_before_version", Case.History is { LeafVersion: > 0 } history ? TlsNames.Version(history.LeafVersion) : null);
}
