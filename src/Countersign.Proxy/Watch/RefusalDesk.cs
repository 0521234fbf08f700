using System.Net;
using System.Security.Cryptography;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// Where a request that was turned away becomes a <see cref="Refusal"/>. Everything here runs after the decision and only for those whom it
/// was taken against: accepted clients cost nothing.
/// </summary>
internal static class RefusalDesk
{
    /// <summary>A client was verified: what its handshake left behind for an explanation goes.</summary>
    public static void OnVerified(Client client)
    {
        var tls = client.Tls!;
        if (tls.IsNewlyVerified)
        {
            Remember(client, tls, HandshakeNotes.PresentedBy(tls), ClientHelloReader.Read(tls.ClientHello));
        }
        tls.ForgetClientHello();
    }

    /// <summary>A request was answered 421, 495, 496 or 497.</summary>
    public static void OnRequest(Exchange exchange, ClientVerdict verdict, CheckResult check)
    {
        var client = exchange.Client;
        if (client.Generation.Refusals?.IsFull(exchange.Server.Refusals) == true)
        {
            return;
        }
        if (check.Rule == CheckRule.NewestPlan)
        {
            ByNewestPlan(client, exchange, check.Status);
        }
        else if (check.Status == 495 && verdict is UnconfirmedClient unconfirmed)
        {
            OnStatus(exchange, unconfirmed.Status);
        }
        else if (check.Status == 495)
        {
            OnCertificate(exchange, verdict);
        }
        else
        {
            OnNoCertificate(client, exchange, check, client.Generation, AddressedBy(exchange, check.Status));
        }
    }

    /// <summary>A reload ends a connection that it does not let go on.</summary>
    public static void OnReview(Client client, int status)
    {
        if (client.Generation.Refusals?.IsFull(client.Server.Refusals) != true)
        {
            ByNewestPlan(client, null, status);
        }
    }

    public static void Report(Client client, ServerPlan server, Refusal refusal)
    {
        var settings = server.Refusals;
        var isKept = client.Generation.Refusals?.Report(settings, refusal) ?? false;
        client.Refused = new RefusalMark(refusal.Reason.Id, isKept ? refusal.Incident : "");
        // What is nobody's fault is nobody's to mend.
        var level = refusal.Reason.Blame == Blame.Nobody && settings.Level < LogLevel.Info ? LogLevel.Info : settings.Level;
        if (client.Log.IsEnabled(level))
        {
            client.Log.Write(level, ByteText.FromUnicode(RefusalLine.Of(isKept ? refusal : refusal with { Incident = "" })));
        }
    }

    public static IPEndPoint? EndPointOf(Client client) =>
        IPEndPoint.TryParse(client.Peer.ToString() ?? "", out var endPoint) ? endPoint : null;

    public static string NewIncident() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static void OnCertificate(Exchange exchange, ClientVerdict verdict)
    {
        var client = exchange.Client;
        var tls = client.Tls!;
        // Without SNI a Host may lead to another server than the one whose trust was asked.
        var verifier = tls.Context?.Tag as ServerPlan ?? exchange.Server;
        if (Examine(client, client.Generation, verifier, presented => Errors(tls, verdict, presented)) is not { } examined)
        {
            return;
        }
        var facts = HandshakeNotes.Of(client);
        Report(client, exchange.Server, Refused(client, exchange, exchange.Server, 495, examined.Reason) with
        {
            Others = examined.Others,
            Errors = examined.Errors,
            NginxLine = client.Log.LastText,
            Presented = examined.Presented,
            Leaf = examined.Leaf,
            Handshake = facts,
        });
        Remember(client, tls, [.. examined.Presented.Select(der => der.ToArray())], facts.Hello);
    }

    /// <summary>libssl verified the chain; ssl_ocsp keeps one certificate of it out.</summary>
    private static void OnStatus(Exchange exchange, OcspOutcome outcome)
    {
        var client = exchange.Client;
        var tls = client.Tls!;
        var presented = HandshakeNotes.PresentedBy(tls);
        var facts = HandshakeNotes.Of(client);
        var asker = tls.Context?.Tag as ServerPlan ?? exchange.Server;
        Report(client, exchange.Server, Refused(client, exchange, exchange.Server, 495, OcspReasons.Of(asker, outcome, client.Worker.Time.GetUtcNow())) with
        {
            NginxLine = client.Log.LastText,
            Presented = [.. presented.Select(der => (ReadOnlyMemory<byte>)der)],
            Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]),
            Handshake = facts,
        });
        Remember(client, tls, presented, facts.Hello);
    }

    /// <summary>No certificate, or one that another server's trust has verified.</summary>
    private static void OnNoCertificate(Client client, Exchange? exchange, CheckResult check, Generation generation, ServerPlan addressed)
    {
        var facts = HandshakeNotes.Of(client);
        var tls = client.Tls;
        var presented = tls is null ? [] : HandshakeNotes.PresentedBy(tls);
        var address = HandshakeNotes.AddressOf(client);
        var memory = generation.Refusals?.Memory;
        var one = new NoCertificateCase
        {
            Status = check.Status,
            Handshake = client.Generation.Gates.Of(client.Server, client.Address),
            Addressed = generation.Gates.Of(addressed, client.Address),
            Now = client.Worker.Time.GetUtcNow(),
            NamesOfAddress = client.Generation.Gates.NamesOf(client.Address),
            Hello = facts.Hello,
            Sni = tls?.ServerName,
            IsSniKnown = client.NegotiatedName is not null,
            Version = facts.Version,
            WasAsked = facts.WasAsked,
            IsResumed = facts.IsResumed,
            SessionAt = tls?.SessionStarted,
            Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]),
            AnsweredAfter = facts.Answer - facts.Flight,
            RoundTrip = facts.RoundTrip,
            Request = exchange is null ? new RequestFacts { Number = client.Requests } : HandshakeNotes.RequestOf(exchange),
            History = facts.Hello is { } hello ? memory?.Find(address, hello.Ja4) : null,
            HasProxyHeader = HandshakeNotes.HasProxyHeader(client),
            IsByNewPlan = check.Rule == CheckRule.NewestPlan,
            LoadedAt = generation.LoadedAt,
            OtherServers = generation.Trust.OthersThan(addressed),
        };
        Report(client, addressed, Refused(client, exchange, addressed, exchange is null ? null : check.Status, NoCertificateReasons.Of(one)) with
        {
            NginxLine = check.Rule == CheckRule.Nginx ? client.Log.LastText : "",
            Presented = [.. presented.Select(der => (ReadOnlyMemory<byte>)der)],
            Leaf = one.Leaf,
            Handshake = facts,
        });
        if (one.WasAsked && one.Leaf is null && one.Hello is not null)
        {
            memory?.SawNone(address, one.Hello.Ja4, one.AnsweredAfter ?? TimeSpan.Zero, one.Now);
        }
    }

    /// <summary>A reload trusts others: nginx would go on, so there is no line of its.</summary>
    private static void ByNewestPlan(Client client, Exchange? exchange, int status)
    {
        var newest = TrustReview.AcquireNewest(client);
        try
        {
            var host = exchange is null ? default : exchange.Host.Span;
            if (TrustReview.ServerOf(client, newest, host) is not { } server)
            {
                return;
            }
            if (status != 495)
            {
                OnNoCertificate(client, exchange, new CheckResult(status, CheckRule.NewestPlan), newest, server);
                return;
            }
            if (Examine(client, newest, server, presented => newest.Tls.Of(server)?.Problems(presented) ?? []) is not { Leaf: { } leaf } examined)
            {
                return;
            }
            var reason = examined.Reason is Revoked revoked
                ? new StillConnected(leaf, revoked.Crl, revoked.Entry, revoked.Message)
                : new StillConnected(leaf, null, null, examined.Reason.Message);
            Report(client, server, Refused(client, exchange, server, exchange is null ? null : status, reason) with
            {
                Others = [examined.Reason, .. examined.Others],
                Errors = examined.Errors,
                Presented = examined.Presented,
                Leaf = leaf,
                Handshake = HandshakeNotes.Of(client),
            });
        }
        finally
        {
            newest.Release();
        }
    }

    private static Refusal Refused(Client client, Exchange? exchange, ServerPlan server, int? status, Reason reason) => new()
    {
        Reason = reason,
        Time = client.Worker.Time.GetUtcNow(),
        Incident = NewIncident(),
        Status = status,
        Client = EndPointOf(client),
        Server = TrustBook.Title(server),
        Sni = client.Tls?.ServerName,
        Host = exchange is null ? null : Encoding.Latin1.GetString(exchange.Host.Span),
    };

    /// <param name="find">libssl's errors about the chain.</param>
    /// <returns>Null without one.</returns>
    private static Examined? Examine(Client client, Generation generation, ServerPlan server, Func<IReadOnlyList<Certificate>, IReadOnlyList<TlsVerification>> find)
    {
        var presented = client.Tls!.PresentedChain();
        try
        {
            var errors = find(presented);
            if (errors.Count == 0)
            {
                return null;
            }
            var seen = generation.Intermediates;
            var (reason, others, named) = ChainExamination.Run(
                generation.Trust, server, presented, errors, client.Worker.Time.GetUtcNow(), seen.All, seen.Learn);
            return new Examined(reason, others, named, [.. presented.Select(certificate => (ReadOnlyMemory<byte>)certificate.Der)],
                presented.Count == 0 ? null : CertificateReader.Read(presented[0].Der));
        }
        finally
        {
            foreach (var certificate in presented)
            {
                certificate.Dispose();
            }
        }
    }

    // A session that was resumed has no more than its result and the client's own certificate: where they go together, that tells the rest.
    private static IReadOnlyList<TlsVerification> Errors(TlsConnection tls, ClientVerdict verdict, IReadOnlyList<Certificate> presented)
    {
        if (tls.Verifications is [_, ..] || verdict is not RefusedClient refused)
        {
            return tls.Verifications;
        }
        var again = presented.Count == 0 ? null : tls.Context?.Problems(presented);
        return again is [.., var last] && last.Error == refused.Error ? again : [new TlsVerification(refused.Error, VerifyError.UnknownDepth)];
    }

    /// <summary>For 421 the request ended before its server was taken.</summary>
    private static ServerPlan AddressedBy(Exchange exchange, int status) =>
        status == 421 ? VirtualServers.Find(exchange.Client.Address, exchange.Host.Span, null) : exchange.Server;

    private static void Remember(Client client, TlsConnection tls, IReadOnlyList<byte[]> chain, ClientHelloFacts? hello)
    {
        if (hello is not null && chain.Count > 0)
        {
            client.Generation.Refusals?.Memory.SawCertificate(
                HandshakeNotes.AddressOf(client), hello.Ja4, chain, TrustBook.NameOf(client.Server), tls.NegotiatedVersion, client.Worker.Time.GetUtcNow());
        }
    }

    private sealed record Examined(
        Reason Reason,
        IReadOnlyList<Reason> Others,
        IReadOnlyList<VerifyError> Errors,
        IReadOnlyList<ReadOnlyMemory<byte>> Presented,
        CertificateFacts? Leaf);
}
