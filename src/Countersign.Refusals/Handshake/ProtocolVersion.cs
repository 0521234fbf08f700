namespace Countersign.Refusals;

/// <summary>Client and gate have no version of TLS in common.</summary>
public sealed record ProtocolVersion(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/protocol-version";

    public static ProtocolVersion? Of(HandshakeCase handshake) =>
        handshake.AlertReceived is 70 or 86
            || (handshake.End == HandshakeEnd.Failed
                && handshake.ErrorReason is HandshakeErrors.UnsupportedProtocol or HandshakeErrors.VersionTooLow or HandshakeErrors.InappropriateFallback)
            ? new ProtocolVersion(handshake) : null;

    public override string Id => Name;

    // Whoever speaks nothing newer than TLS 1.1 has to change, whatever the gate is set to.
    public override Blame Blame => Offered.Count > 0 && Offered.Max() >= 0x0303 ? Blame.Operator : Blame.Client;

    public override string Message => IsFallback
        ? $"the client came back with {Names(Offered)} after a first try failed, and server {Phrase.Server(Case.Server)} speaks more than that ({Names(Allowed)}): it takes the second try for a downgrade (TLS_FALLBACK_SCSV)"
        : $"the client offers {Names(Offered)}, and server {Phrase.Server(Case.Server)} speaks {Names(Allowed)} (ssl_protocols): nothing is common; "
            + $"only the client has {Names(Offered.Except(Allowed))}, only the gate {Names(Allowed.Except(Offered))}";

    public override IReadOnlyList<Advice> Advice => IsFallback
        ? [new(Blame.Client, "Turn the client's own fallback to older versions off, and see why its first try failed in the error log", "error_log logs/error.log info;")]
        : Blame == Blame.Operator
        ? [
            new(Blame.Operator, $"Speak what the client does ({Case.Server.At})", $"ssl_protocols {string.Join(' ', Allowed.Union(Offered.Where(version => version >= 0x0303)).Order().Select(TlsNames.Version))};"),
            new(Blame.Client, "Or allow the client the gate's versions", $"curl --tlsv1.2 {Phrase.Url(Host, Case.Server.Port)}"),
        ]
        : [
            new(Blame.Client, "Update the client, or allow it TLS 1.2: versions before it are insecure (RFC 8996)", $"curl --tlsv1.2 {Phrase.Url(Host, Case.Server.Port)}"),
            new(Blame.Operator, "See what the gate speaks", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -tls1_2 </dev/null"),
        ];

    private bool IsFallback => Case.ErrorReason == HandshakeErrors.InappropriateFallback || Case.AlertReceived == 86;

    private IReadOnlyList<int> Offered => Case.Hello?.Versions ?? [];

    private IReadOnlyList<int> Allowed => Case.Server.Protocols;

    private static string Names(IEnumerable<int> versions) => Phrase.List([.. versions.Order().Select(TlsNames.Version)]);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("offered", Offered.Select(TlsNames.Version))
        .Add("allowed", Allowed.Select(TlsNames.Version))
        .Add("only_client", Offered.Except(Allowed).Select(TlsNames.Version))
        .Add("only_gate", Allowed.Except(Offered).Select(TlsNames.Version));
}
