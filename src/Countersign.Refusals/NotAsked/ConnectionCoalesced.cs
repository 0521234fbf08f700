namespace Countersign.Refusals;

/// <summary>A connection that was opened for one name was used again for another that the same server certificate covers.</summary>
public sealed record ConnectionCoalesced(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/connection-coalesced";

    public static ConnectionCoalesced? Of(NoCertificateCase request) =>
        request is { Status: 421, IsSniKnown: true, Request.Number: > 1 } && Covers(request, request.Request.Host) ? new ConnectionCoalesced(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override Confidence Confidence => Confidence.Likely;

    public override string Message =>
        $"request {Case.Request.Number} of a connection that was opened for {Phrase.Quoted(Case.Sni ?? "")}, server {Phrase.Server(Case.Handshake)}, is for {Phrase.Quoted(Case.Request.Host)}, "
        + $"server {Phrase.Server(Case.Addressed)}: the certificate the gate showed ({Case.Handshake.CertificateAt}) covers both names, so the client used one connection for both, "
        + "and the second server verifies its clients itself";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Give each server a certificate for its own name only ({Case.Handshake.CertificateAt}); clients then open a connection for each",
            $"openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN={Host} -addext subjectAltName=DNS:{Host}"),
        new(Blame.Operator, "Or make one server of both names", $"server_name {Phrase.Paste(Case.Sni)} {Host};"),
        new(Blame.Client, "A client that has 421 in answer is to send the request again on a connection of its own (RFC 9110, 15.5.20); one that does not needs its pool kept by name"),
    ];

    private string Host => Phrase.Paste(Case.Request.Host, Case.Addressed.Name);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("host", Case.Request.Host)
        .Add("request_number", Case.Request.Number)
        .Add("server_certificate_names", Case.Handshake.Chain[0].AlternativeNames.Dns)
        .Add("server_certificate_at", Case.Handshake.CertificateAt);

    private static bool Covers(NoCertificateCase request, string host) =>
        request.Handshake.Chain is [var leaf, ..] && leaf.AlternativeNames.Dns.Any(name => HostMatch.Covers(name, host));
}
