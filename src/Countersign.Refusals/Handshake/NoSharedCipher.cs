namespace Countersign.Refusals;

/// <summary>Client and gate have no cipher suite, no group or no signature algorithm in common.</summary>
public sealed record NoSharedCipher(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/no-shared-cipher";

    public static NoSharedCipher? Of(HandshakeCase handshake) =>
        handshake.AlertReceived is 40 or 71 || (handshake.End == HandshakeEnd.Failed && IsOfKind(handshake.ErrorReason)) ? new NoSharedCipher(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => KeyOfOtherKind is null ? Blame.Client : Blame.Operator;

    // handshake_failure of the client may be about anything it was offered.
    public override Confidence Confidence => Case.AlertReceived is null ? Confidence.Proved : Confidence.Possible;

    public override string Message => Case.AlertReceived is { } alert
        ? $"the client ended the handshake with server {Phrase.Server(Case.Server)} by {AlertName.Of(alert)} (alert {alert}): of what it was offered something does not suit it"
        : $"the client and server {Phrase.Server(Case.Server)} have no {Thing} in common ({Case.Error}): " + Sets;

    public override IReadOnlyList<Advice> Advice => Case.ErrorReason switch
    {
        _ when Case.AlertReceived is not null =>
        [
            new(Blame.Client, "See what both sides agree on with openssl, and what the client's own log says", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} </dev/null"),
        ],
        _ when IsAboutGroups => [new(Blame.Operator, $"Allow a group that the client has ({Case.Server.At})", $"ssl_ecdh_curve {GroupList([.. GroupsOfGate, .. Groups.Take(1)])};"), new(Blame.Client, "Or one that the gate has", $"curl --curves {GroupList(GroupsOfGate.Take(2))} {Phrase.Url(Host, Case.Server.Port)}")],
        _ when IsAboutSignatures =>
        [
            new(Blame.Operator, $"Give the server a second certificate whose key the client can verify: RSA beside EC, or the other way round ({Case.Server.CertificateAt})", "ssl_certificate rsa.pem; ssl_certificate_key rsa.key; ssl_certificate ec.pem; ssl_certificate_key ec.key;"),
        ],
        _ when KeyOfOtherKind is not null =>
        [
            new(Blame.Operator, $"Give the server a certificate of the other kind of key, too ({Case.Server.CertificateAt})", "ssl_certificate rsa.pem; ssl_certificate_key rsa.key; ssl_certificate ec.pem; ssl_certificate_key ec.key;"),
        ],
        _ =>
        [
            new(Blame.Operator, $"Allow a suite that the client has, if it is a good one ({Case.Server.At})", $"ssl_ciphers {(Case.Server.Ciphers.Length == 0 ? "HIGH:!aNULL:!MD5" : Case.Server.Ciphers)}:{Offered.FirstOrDefault(suite => !suite.StartsWith("0x", StringComparison.Ordinal), "ECDHE-RSA-AES128-GCM-SHA256")};"),
            new(Blame.Client, "Or see what the gate takes", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -tls1_2 </dev/null | grep Cipher"),
        ],
    };

    /// <summary>The kind of key that every suite which would do wants and the server has not: <c>RSA</c>, <c>EC</c>; null without.</summary>
    private string? KeyOfOtherKind
    {
        get
        {
            var suites = Candidates;
            return Case.ErrorReason == HandshakeErrors.NoSharedCipher && Case.Server.Chain.Count > 0 && suites.Count > 0 && !Case.Hello!.Versions.Contains(0x0304)
                && !suites.Exists(IsOfKey) ? (HasEcKey ? "RSA" : "EC") : null;
        }
    }

    // libssl says "no shared cipher" of suites that are shared, too, where their key exchange has no group.
    private bool IsAboutGroups => Case.ErrorReason is HandshakeErrors.NoSuitableKeyShare or HandshakeErrors.NoSharedGroups or HandshakeErrors.NoSuitableGroups
        || (Case.ErrorReason == HandshakeErrors.NoSharedCipher && Case.Hello is { Groups: { Count: > 0 } groups }
            && Case.Server.Groups.Count > 0 && !groups.Intersect(Case.Server.Groups).Any()
            && Shared.FindAll(IsOfKey) is { Count: > 0 } suites && suites.TrueForAll(suite => suite.StartsWith("ECDHE", StringComparison.Ordinal)));

    private bool HasEcKey => Case.Server.Chain is [{ KeyAlgorithm: "1.2.840.10045.2.1" }, ..];

    private List<string> Shared => [.. Offered.Intersect(Case.Server.CipherSuites.Select(TlsNames.CipherSuite))];

    // Before TLS 1.3 a suite names the kind of the server's key, and the curve of that has to be one of the client's groups.
    private bool IsOfKey(string suite) => NamesKey(suite) && !IsCurveForeign;

    private bool NamesKey(string suite) => suite.Contains("ECDSA", StringComparison.Ordinal) == HasEcKey;

    private List<string> Candidates => Shared is { Count: > 0 } shared ? shared : Offered;

    private bool IsCurveForeign => HasEcKey && Case.Hello is { Groups: { Count: > 0 } groups }
        && CurveGroup(Case.Server.Chain[0].Curve) is { } curve && !groups.Contains(curve);

    private static int? CurveGroup(string curve) => curve switch
    {
        "1.2.840.10045.3.1.7" => 0x0017,
        "1.3.132.0.34" => 0x0018,
        "1.3.132.0.35" => 0x0019,
        _ => null,
    };

    private bool IsAboutSignatures => Case.ErrorReason is HandshakeErrors.NoSharedSignatureAlgorithms or HandshakeErrors.NoSuitableSignatureAlgorithm;

    private string Thing => IsAboutGroups ? "group for the key exchange" : IsAboutSignatures ? "signature algorithm" : "cipher suite";

    private string Sets => IsAboutSignatures
        ? $"the client takes {Phrase.List([.. Signatures])}, and the server's key is {(Case.Server.Chain is [var leaf, ..] ? ObjectNames.Key(leaf) : "of another kind")}"
        : IsAboutGroups
        ? $"the client offers {Phrase.List([.. Groups])}, the gate has {Phrase.List([.. GroupsOfGate])}"
        : $"the client offers {Phrase.List([.. Offered])}, the gate has {(Case.Server.Ciphers.Length > 0 ? $"ssl_ciphers {Case.Server.Ciphers}" : Phrase.List([.. Case.Server.CipherSuites.Select(TlsNames.CipherSuite)]))}"
            + (KeyOfOtherKind is not { } kind ? ""
                : IsCurveForeign && Candidates.Exists(NamesKey) ? $"; the server's key is {ObjectNames.Key(Case.Server.Chain[0])}, and the client takes keys of {Phrase.List([.. Groups])} only"
                : $"; all of the client's want a server key of kind {kind}, and the server's is {ObjectNames.Key(Case.Server.Chain[0])}");

    // Without those that are signals and no suites.
    private List<string> Offered => [.. (Case.Hello?.CipherSuites ?? []).Where(suite => suite is not (0x00ff or 0x5600)).Select(TlsNames.CipherSuite)];

    private IEnumerable<string> GroupsOfGate => Case.Server.Groups.Select(TlsNames.Group);

    // libssl knows no group by a number.
    private static string GroupList(IEnumerable<string> names) =>
        string.Join(':', names.Where(name => !name.StartsWith("0x", StringComparison.Ordinal)).DefaultIfEmpty("X25519:P-256"));

    private IEnumerable<string> Groups => (Case.Hello?.Groups ?? []).Select(TlsNames.Group);

    private IEnumerable<string> Signatures => (Case.Hello?.SignatureAlgorithms ?? []).Select(SignatureSchemes.Name);

    private static bool IsOfKind(int reason) => reason is HandshakeErrors.NoSharedCipher or HandshakeErrors.NoSuitableKeyShare or HandshakeErrors.NoSharedGroups
        or HandshakeErrors.NoSuitableGroups or HandshakeErrors.NoSharedSignatureAlgorithms or HandshakeErrors.NoSuitableSignatureAlgorithm;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("suites_of_client", Offered)
        .Add("suites_of_gate", Case.Server.CipherSuites.Select(TlsNames.CipherSuite))
        .Add("ssl_ciphers", Case.Server.Ciphers)
        .Add("groups_of_client", Groups)
        .Add("groups_of_gate", GroupsOfGate)
        .Add("signatures_of_client", Signatures)
        .Add("server_key", Case.Server.Chain is [var leaf, ..] ? ObjectNames.Key(leaf) : null)
        .Add("key_wanted", KeyOfOtherKind);
}
