using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>From what was seen to the likely reason: what the server said first, and then what this client knows that fits.</summary>
internal sealed class ProbeDiagnosis
{
    private const string NotAllowed = AlertMeaning.NotAllowed;
    private const int HandshakeFailure = 40;
    private const int BadCertificate = 42;
    private const int CertificateRequired = 116;

    private readonly ProbeOptions _options;
    private readonly ProbeSight _sight;
    private readonly IReadOnlyList<ProbeFinding> _findings;
    private readonly ServerChain? _server;

    private ProbeDiagnosis(ProbeOptions options, ProbeSight sight, IReadOnlyList<ProbeFinding> findings, ServerChain? server) =>
        (_options, _sight, _findings, _server) = (options, sight, findings, server);

    /// <param name="sight">The connection that counts.</param>
    public static ProbeVerdict Of(ProbeOptions options, ProbeSight sight, IReadOnlyList<ProbeFinding> findings, ServerChain? server) =>
        new ProbeDiagnosis(options, sight, findings, server).Verdict();

    private string Command => $"countersign probe {_options.Target}" + (_options.Authorities is { } file ? $" --ca {ShellWord.Of(file)}" : "");

    /// <summary>The same, with the name that was given.</summary>
    private string SameCommand => _options.ServerName is { } name && name != _options.Target.Host ? $"{Command} --sni {name}" : Command;

    private bool WasSent => _sight.Sent > 0;

    private ProbeVerdict Verdict()
    {
        if (_options.Certificate is { IsOtherKey: true } && _sight.Asked != ProbeAsked.Never)
        {
            return Finding(_findings[0]);
        }
        return _sight.End switch
        {
            ProbeEnd.Answer => ByAnswer(_sight.Answer!),
            ProbeEnd.OtherAnswer => LetIn("the handshake is done, and the server speaks something other than HTTP/1"),
            ProbeEnd.TimedOut when _sight.IsHandshakeDone => LetIn("the handshake is done; no answer of HTTP came in time, so this is no web server, or a slow one"),
            ProbeEnd.Handshake => LetIn("the handshake is done"),
            ProbeEnd.Alert => ByAlert(_sight.Alert!),
            ProbeEnd.Closed or ProbeEnd.Reset when _sight.IsHandshakeDone => ByClose(),
            ProbeEnd.Closed => Refused("", Confidence.Possible,
                "the server closed the connection inside the handshake, without an alert: perhaps it expects the PROXY protocol, or is full", $"openssl s_client -connect {_options.Target}"),
            ProbeEnd.Reset => Refused(ConnectionReset.Name, Confidence.Likely,
                "the connection was reset inside the handshake: a firewall, a balancer without a backend, or a server that ended", $"openssl s_client -connect {_options.Target}"),
            ProbeEnd.TimedOut => Refused(HandshakeTimeout.Name, Confidence.Likely,
                "the server took the connection and did not finish the handshake in time", $"{SameCommand} --timeout 60s"),
            ProbeEnd.Failed => Refused("", Confidence.Proved, $"OpenSSL refuses what the server sent: {_sight.Failure}", $"openssl s_client -connect {_options.Target} -msg"),
        };
    }

    private ProbeVerdict ByAnswer(HttpAnswer answer) => HttpRefusal.Of(answer, WasSent) switch
    {
        HttpMeaning.LetIn => LetIn(_sight switch
        {
            { Asked: ProbeAsked.Never } => "the server does not ask for a certificate here, and answers",
            { Sent: > 0 } => "the server takes the certificate",
            _ => "the server asks for a certificate, and answers without one as well",
        }),
        HttpMeaning.CertificateMissing => WithoutCertificate(),
        HttpMeaning.CertificateRefused => ByPage(answer),
        HttpMeaning.CertificateRevoked => Refused(Revoked.Name, Confidence.Likely, "the server says that the certificate is revoked (403.13)", ForOperator(answer)),
        HttpMeaning.CertificateExpired => Refused(CertificateExpired.Name, Confidence.Likely, "the server says that the certificate has expired, or is not valid yet (403.17)", ForOperator(answer)),
        HttpMeaning.Misdirected => Refused(SniHostMismatch.Name, _options.NamesDiffer ? Confidence.Proved : Confidence.Possible,
            $"the server does not answer for Host \"{_options.Host}\" on a connection made for SNI \"{_options.ServerName ?? "(none)"}\"", $"{Command} --sni {_options.Host.Split(':')[0]}"),
        HttpMeaning.Forbidden => Refused(NotAllowed, Confidence.Possible,
            WasSent ? "the server took the certificate and then answered 403: its holder may not come here" : "the server answered 403, without having seen a certificate", ForOperator(answer)),
        HttpMeaning.Unauthorized => Refused(NotAllowed, Confidence.Possible,
            $"the server answered {answer.Status}: it wants credentials of another kind", $"curl -i https://{_options.Host}{_options.Path}"),
        HttpMeaning.BadRequest => Refused("", Confidence.Possible,
            $"the server answered 400 \"{SafeText.Of(answer.Title)}\" and does not say that it is about the certificate",
            $"curl -i https://{_options.Host}{_options.Path}"),
    };

    /// <summary>nginx's page says no more than that it did not like the certificate.</summary>
    private ProbeVerdict ByPage(HttpAnswer answer)
    {
        if (_findings.FirstOrDefault(finding => AlertMeaning.Any.Contains(finding.Id)) is { } finding)
        {
            return Finding(finding, ForOperator(answer));
        }
        return _options.Certificate?.Chain.Count(one => !one.IsSelfIssued) > 2
            ? Refused(TooDeep.Name, Confidence.Possible, "the chain has two intermediates or more, and nginx takes one unless ssl_verify_depth says otherwise", ForOperator(answer))
            : Refused("", Confidence.Possible,
                "nothing that a client can see speaks against the certificate: what remains is what only the server knows, revocation (revocation/...), its depth and its own copies of the authorities",
                ForOperator(answer));
    }

    private ProbeVerdict ByAlert(ProbeAlert alert)
    {
        if (alert.Number == CertificateRequired)
        {
            return WithoutCertificate();
        }
        if (!alert.IsAfterCertificate)
        {
            return _sight.Asked != ProbeAsked.Never && alert.Number is HandshakeFailure or BadCertificate ? WithoutCertificate() : Early(alert);
        }
        var meaning = AlertMeaning.Of(alert.Number);
        if (_findings.FirstOrDefault(finding => meaning.Fits.Contains(finding.Id)) is { } finding)
        {
            return Finding(finding);
        }
        return Refused(meaning.Id, meaning.Confidence, $"{meaning.Why} (alert {alert.Number}, {alert.Name})", "ask the server's operator for the line of its log at this time");
    }

    /// <summary>Before this client's certificate was in question.</summary>
    private ProbeVerdict Early(ProbeAlert alert) => alert.Number switch
    {
        70 => Refused(ProtocolVersion.Name, Confidence.Proved, "the server speaks none of the versions of TLS that were offered",
            _options.Protocols is null ? $"openssl s_client -connect {_options.Target} -msg" : Command),
        HandshakeFailure or 71 => Refused(NoSharedCipher.Name, Confidence.Likely,
            "the server finds no cipher, group or signature that both sides know",
            $"openssl s_client -connect {_options.Target} -cipher ALL -msg"),
        112 => Refused(UnrecognizedName.Name, Confidence.Proved, $"the server has nothing for the name \"{_options.ServerName ?? "(none)"}\"", $"{Command} --sni gate.example"),
        120 => Refused(NoApplicationProtocol.Name, Confidence.Proved, "the server does not speak HTTP/1.1, perhaps HTTP/2 alone", $"openssl s_client -connect {_options.Target} -alpn h2"),
        _ => Refused("", Confidence.Possible, $"the server ended the handshake with alert {alert.Number} ({alert.Name})", $"openssl s_client -connect {_options.Target} -msg"),
    };

    private ProbeVerdict ByClose() => _sight.Asked != ProbeAsked.Never && !WasSent
        ? Refused(NotConfigured.Name, Confidence.Possible,
            "the server asked for a certificate, got none, and closed the connection without a word", $"{SameCommand} --cert client.pem --key client.key")
        : WasSent ? Refused("", Confidence.Possible, "the server closed the connection without a word after it had the certificate", "ask the server's operator for the line of its log at this time")
        : LetIn("the handshake is done, and the server closed the connection without an answer");

    /// <summary>The server wants a certificate and has none of this client.</summary>
    private ProbeVerdict WithoutCertificate()
    {
        if (_sight.Asked == ProbeAsked.Never)
        {
            return NeverAsked();
        }
        if (!_sight.HasCertificate)
        {
            return Refused(NotConfigured.Name, Confidence.Proved, "the server wants a certificate, and no --cert was given", $"{SameCommand} --cert client.pem --key client.key");
        }
        return _findings.FirstOrDefault(finding => finding.Id == NoCommonSignatureAlgorithm.Name) is { } finding
            ? Finding(finding)
            : Refused(NoCommonSignatureAlgorithm.Name, Confidence.Likely,
                "the server asked for a certificate, and OpenSSL did not send the one that was given: no signature algorithm of both sides fits its key",
                $"openssl s_client -connect {_options.Target} -msg");
    }

    private ProbeVerdict NeverAsked()
    {
        const string Unasked = "the request was refused for want of a certificate, and the handshake never asked for one";
        if (_options.ServerName is null)
        {
            return Refused(NoSni.Name, Confidence.Likely,
                $"{Unasked}: no server name was sent, so it was made with the server's default", $"{Command} --sni {(_options.Target.IsAddress ? "gate.example" : _options.Target.Host)}");
        }
        return _options.NamesDiffer
            ? Refused(SniHostMismatch.Name, Confidence.Likely,
                $"{Unasked}: it was made for \"{_options.ServerName}\" and the request is for \"{_options.Host}\"", $"{Command} --sni {_options.Host.Split(':')[0]}")
            : Refused(UnknownSni.Name, Confidence.Possible,
                $"{Unasked}: the server has perhaps no \"{_options.ServerName}\" of its own, or a balancer in front of it ends TLS (not-asked/tls-terminated-in-front)",
                $"{Command} --sni {_server?.PlainName ?? "gate.example"}");
    }

    private ProbeVerdict LetIn(string why)
    {
        var next = _options.Certificate is null && _sight.Asked != ProbeAsked.Never ? [$"{SameCommand} --cert client.pem --key client.key"] : Array.Empty<string>();
        return new(true, "", Confidence.Proved, why, next);
    }

    private static ProbeVerdict Refused(string id, Confidence confidence, string why, string next) => new(false, id, confidence, why, [next]);

    private static ProbeVerdict Finding(ProbeFinding finding, string? more = null) =>
        new(false, finding.Id, SureOf(finding), finding.Message, more is null ? [finding.Next] : [finding.Next, more]);

    // That the certificate has a defect may be proved; that the server refuses it for this one is not, but where no client can send it.
    private static Confidence SureOf(ProbeFinding finding) => finding.Confidence switch
    {
        Confidence.Proved when !finding.Id.StartsWith("not-sent/", StringComparison.Ordinal) => Confidence.Likely,
        var sure => sure,
    };

    private static string ForOperator(HttpAnswer answer) => answer.Incident.Length > 0
        ? $"countersign incident {answer.Incident}      (the server's operator: it has the reason)"
        : "ask the server's operator for the line of its error log at this time";
}
