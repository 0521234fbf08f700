using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>
/// The gate's decision about one client, in the gate's order and by its own code: the server by SNI, libssl's verification by that server's context,
/// the rule of the server that the Host addresses, and the reason.
/// </summary>
/// <param name="moment">Null is now, by libssl's own clock.</param>
/// <param name="selection">Of <see cref="NginxArguments"/>.</param>
internal sealed class Examination(
    HttpPlan http, ServerContexts contexts, AskedServer asked, PresentedChain presented, DateTimeOffset? moment, DateTimeOffset now, string selection)
{
    private const int UnrecognizedName = 112;
    private const int Misdirected = 421;
    private const int CertificateError = 495;

    private readonly TrustBook _book = new(http, contexts);

    private GateBook Gates => field ??= new GateBook(_book, contexts);

    /// <summary>Whose certificate is shown and whose trust is asked: under nginx a server without a certificate of its own has the default server's.</summary>
    public ServerPlan Verifier => contexts.Of(asked.Handshake) is null ? asked.Address.DefaultServer : asked.Handshake;

    /// <summary>It asks for revocation lists.</summary>
    public bool AsksForLists => Verifier.Ssl is { VerifyClient: not VerifyClient.Off, Crl: not null };

    /// <exception cref="UsageException">No server can shake hands.</exception>
    public Verdict Run(bool withoutLists)
    {
        if (asked.Handshake.Ssl.RejectHandshake)
        {
            return new RefusedVerdict(Rejected());
        }
        var context = contexts.Of(Verifier)
            ?? throw new UsageException($"server {TrustBook.Title(Verifier)} has no \"ssl_certificate\": its handshakes fail", $"countersign -t{selection}");
        var trial = Verifier.Ssl.VerifyClient != VerifyClient.Off && presented.Certificates.Count > 0
            ? context.Try(presented.Certificates, moment, withoutLists) : null;
        var verdict = ClientCheck.Identify(trial?.Error);
        if (asked.Host is not null && asked.Host != asked.Sni && ClientCheck.IsMisdirected(asked.IsSniKnown, asked.Addressed))
        {
            return Refused(NoCertificate(Misdirected, trial is not null), Misdirected, ClientCheck.MisdirectedText);
        }
        var check = ClientCheck.Decide(verdict, contexts, asked.Handshake, context, asked.Addressed);
        return (check.Status, verdict) switch
        {
            (0, _) => Accepted(verdict, trial, withoutLists),
            (_, RefusedClient refused) => Refused(trial!, refused),
            // Beyond nginx there is no line of its.
            (var status, _) => Refused(NoCertificate(status, trial is not null, check.Rule), status, check.Rule == CheckRule.Nginx ? ClientCheck.NoCertificateText : ""),
        };
    }

    private RefusedVerdict Refused(TlsChainTrial trial, RefusedClient refused)
    {
        var errors = trial.Problems is [_, ..] all ? all : [new TlsVerification(refused.Error, 0)];
        var found = ChainExamination.Run(_book, Verifier, presented.Certificates, errors, now, presented.FoundElsewhere);
        return new RefusedVerdict(found.Complete(Of(found.Reason)) with
        {
            Status = CertificateError,
            NginxLine = ClientCheck.TextOf(refused),
        });
    }

    private RefusedVerdict Refused(Reason reason, int status, string nginx) => new(Of(reason) with { Status = status, NginxLine = nginx });

    private Reason NoCertificate(int status, bool isSent, CheckRule rule = CheckRule.Nginx) => NoCertificateReasons.Of(new NoCertificateCase
    {
        Status = status,
        Handshake = Gates.Of(rule == CheckRule.Nginx ? asked.Handshake : Verifier, asked.Address),
        IsLedByDefault = rule != CheckRule.Nginx && Verifier != asked.Handshake,
        Addressed = Gates.Of(asked.Addressed, asked.Address),
        Now = now,
        NamesOfAddress = Gates.NamesOf(asked.Address),
        Sni = asked.Sni,
        IsSniKnown = asked.IsSniKnown,
        WasAsked = Verifier.Ssl.VerifyClient != VerifyClient.Off,
        Leaf = isSent ? presented.Facts[0] : null,
        IsStatusUnknown = rule == CheckRule.SameStatus,
        Request = new RequestFacts { Host = asked.Host ?? asked.Sni ?? "" },
        OtherServers = _book.OthersThan(asked.Addressed),
    });

    private Refusal Rejected() => Of(HandshakeReasons.Of(new HandshakeCase
    {
        End = HandshakeEnd.Rejected,
        Stage = HandshakeStage.Hello,
        Server = Gates.Of(asked.Handshake, asked.Address),
        Now = now,
        Sni = asked.Sni,
        IsSniKnown = asked.IsSniKnown,
        NamesOfAddress = Gates.NamesOf(asked.Address),
        AlertSent = UnrecognizedName,
        NginxLine = "handshake rejected",
    })) with { Alert = UnrecognizedName, NginxLine = "handshake rejected" };

    private Refusal Of(Reason reason) => new()
    {
        Reason = reason,
        Time = now,
        Server = TrustBook.Title(asked.Addressed),
        Sni = asked.Sni,
        Host = asked.Host,
        Presented = [.. presented.Facts.Select(certificate => certificate.Der)],
        Leaf = presented.Facts is [var leaf, ..] ? leaf : null,
    };

    private AcceptedVerdict Accepted(ClientVerdict verdict, TlsChainTrial? trial, bool withoutLists)
    {
        var server = TrustBook.Title(asked.Addressed);
        if (verdict is VerifiedClient)
        {
            var path = VerifiedPath.Of(trial!.Path, presented, _book.Of(Verifier), AsksForLists && !withoutLists, now);
            return new AcceptedVerdict(server, now, verdict.Text, $"the client's certificate \"{presented.Facts[0].Subject}\" is verified up to \"{path.Steps[^1].Certificate.Subject}\"", path);
        }
        var mode = _book.Of(asked.Addressed).Mode;
        return new AcceptedVerdict(server, now, verdict.Text, (Verifier.Ssl.VerifyClient, asked.Addressed.Ssl.VerifyClient, verdict) switch
        {
            (VerifyClient.Off, _, _) => presented.Certificates.Count > 0
                ? "the server asks for no certificate (ssl_verify_client off), so the client sends none" : "the server asks for no certificate (ssl_verify_client off)",
            (_, VerifyClient.Off, _) => "the server of the request looks at no certificate (ssl_verify_client off)",
            (_, _, AbsentClient) => $"the server does without a certificate (ssl_verify_client {mode}); what a location makes of $ssl_client_verify is its own affair",
            _ => $"the certificate is not verified, and the server takes it all the same (ssl_verify_client {mode}); what a location makes of $ssl_client_verify is its own affair",
        }, null);
    }
}
