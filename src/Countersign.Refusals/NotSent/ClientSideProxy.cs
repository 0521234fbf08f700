namespace Countersign.Refusals;

/// <summary>Something on the client's side reads its TLS, such as a company's inspecting proxy: its own connection has no certificate.</summary>
public sealed record ClientSideProxy(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/client-side-proxy";

    public static ClientSideProxy? Of(NoCertificateCase request) =>
        HasVia(request) || IsDisguised(request) ? new ClientSideProxy(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Network;

    public override Confidence Confidence => HasVia(Case) ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        (HasVia(Case) ? "the request has a Via header, which a proxy adds to what it can read"
            : $"the User-Agent {Phrase.Quoted(Case.Request.UserAgent)} is a browser's, and the handshake is that of {Case.Client.Name}")
        + ": something on the client's side ends its TLS and connects by itself, and cannot pass the client's certificate on";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Network, "Exempt the server's name from TLS inspection on the client's side", Phrase.Paste(Case.Sni, Case.Request.Host, Case.Handshake.Name)),
        new(Blame.Client, "See who issued the server certificate that the client is shown: it should be the gate's", $"openssl s_client {Phrase.Connect(Host, Case.Addressed.Port)} </dev/null | openssl x509 -noout -issuer -fingerprint -sha256"),
    ];

    private string Host => Phrase.Paste(Case.Sni, Case.Handshake.Name);

    private static bool HasVia(NoCertificateCase request) => request.Request.AddedInFront.Contains("Via", StringComparer.OrdinalIgnoreCase);

    private static bool IsDisguised(NoCertificateCase request) =>
        ClientGuess.OfAgent(request.Request.UserAgent).IsBrowser && request.Hello is { } hello && ClientGuess.OfHello(hello) is { IsBrowser: false, Name.Length: > 0 };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("via", HasVia(Case))
        .Add("stack_by_user_agent", ClientGuess.OfAgent(Case.Request.UserAgent).Name)
        .Add("stack_by_handshake", Case.Hello is { } hello ? ClientGuess.OfHello(hello).Name : null);
}
