using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// Where a request that was turned away becomes a <see cref="Refusal"/>. Everything here runs after the decision and only for those whom it
/// was taken against: accepted clients cost nothing. The first of a plan waits until what its servers trust has been read.
/// </summary>
internal static class RefusalDesk
{
    /// <summary>A request was decided upon: what the handshake left behind for an explanation goes, and of a verified client its certificate is remembered.</summary>
    public static void OnDecided(Client client, ClientVerdict verdict)
    {
        if (client.Tls is not { } tls)
        {
            return;
        }
        if (verdict is VerifiedClient && tls.IsNewlyVerified && !tls.ClientHello.IsEmpty)
        {
            Remember(client, HandshakeNotes.AddressOf(client), HandshakeNotes.PresentedBy(tls), ClientHelloReader.Read(tls.ClientHello), tls.NegotiatedVersion);
        }
        tls.ForgetClientHello();
    }

    /// <summary>A request was answered 421, 495, 496 or 497.</summary>
    public static ValueTask OnRequestAsync(Exchange exchange, ClientVerdict verdict, CheckResult check)
    {
        var client = exchange.Client;
        if (client.Generation.Refusals?.IsFull(exchange.Server.Refusals) == true)
        {
            return default;
        }
        if (check.Rule == CheckRule.NewestPlan)
        {
            return ReviewDesk.RunAsync(client, exchange, check.Status);
        }
        if (check.Status != 495)
        {
            return OnNoCertificateAsync(client, exchange, check, client.Generation, AddressedBy(exchange, check.Status));
        }
        if (verdict is UnconfirmedClient unconfirmed)
        {
            OnStatus(client, exchange, exchange.Server, unconfirmed.Status);
            return default;
        }
        return OnCertificateAsync(exchange, verdict);
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

    /// <summary>No certificate, or one that another server's trust has verified.</summary>
    /// <param name="generation">Whose server refused.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask OnNoCertificateAsync(Client client, Exchange? exchange, CheckResult check, Generation generation, ServerPlan addressed)
    {
        var circumstances = new Circumstances(client, exchange);
        var facts = circumstances.Handshake;
        var tls = client.Tls;
        var presented = tls is null ? [] : HandshakeNotes.PresentedBy(tls);
        var sessionAt = tls?.SessionStarted;
        var verifier = check.Rule is CheckRule.SameTrust or CheckRule.SameStatus ? ClientCheck.VerifierOf(client) : client.Server;
        var request = exchange is null ? new RequestFacts { Number = client.Requests } : HandshakeNotes.RequestOf(exchange);
        await client.Generation.Trust.ReadFor(client.Worker.Loop);
        await generation.Trust.ReadFor(client.Worker.Loop);
        var memory = generation.Refusals?.Memory;
        var one = new NoCertificateCase
        {
            Status = check.Status,
            Handshake = client.Generation.Gates.Of(verifier, client.Address),
            IsLedByDefault = verifier != client.Server,
            Addressed = generation.Gates.Of(addressed, client.Address),
            Now = circumstances.Time,
            NamesOfAddress = client.Generation.Gates.NamesOf(client.Address),
            Hello = facts.Hello,
            Sni = circumstances.Sni,
            IsSniKnown = client.NegotiatedName is not null,
            Version = facts.Version,
            WasAsked = facts.WasAsked,
            IsResumed = facts.IsResumed,
            SessionAt = sessionAt,
            Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]),
            // An answer that is there before the gate waits for it has no time of its own.
            AnsweredAfter = facts.Answer - facts.Flight ?? (facts.WasAsked ? TimeSpan.Zero : null),
            RoundTrip = facts.RoundTrip,
            Request = request,
            History = facts.Hello is { } hello ? memory?.Find(circumstances.Address, hello.Ja4) : null,
            HasProxyHeader = HandshakeNotes.HasProxyHeader(client),
            IsByNewPlan = check.Rule == CheckRule.NewestPlan,
            IsStatusUnknown = check.Rule == CheckRule.SameStatus,
            LoadedAt = generation.LoadedAt,
            OtherServers = generation.Trust.OthersThan(addressed),
        };
        var refusal = circumstances.Refused(addressed, exchange is null ? null : check.Status, NoCertificateReasons.Of(one), presented, one.Leaf);
        Report(client, addressed, check.Rule == CheckRule.Nginx ? refusal : refusal with { NginxLine = "" });
        if (one.WasAsked && one.Leaf is null && one.Hello is not null)
        {
            memory?.SawNone(circumstances.Address, one.Hello.Ja4, one.AnsweredAfter ?? TimeSpan.Zero, one.Now);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask OnCertificateAsync(Exchange exchange, ClientVerdict verdict)
    {
        var client = exchange.Client;
        var tls = client.Tls!;
        // Without SNI a Host may lead to another server than the one whose trust was asked.
        var verifier = tls.Context?.Tag as ServerPlan ?? exchange.Server;
        using var chain = new RefusedChain(tls, presented => Errors(tls, verdict, presented));
        if (chain.Errors.Count == 0)
        {
            return;
        }
        var circumstances = new Circumstances(client, exchange);
        await client.Generation.Trust.ReadFor(client.Worker.Loop);
        var found = chain.Examine(client.Generation, verifier, circumstances.Time);
        Report(client, exchange.Server, found.Complete(circumstances.Refused(exchange.Server, 495, found.Reason, chain.Presented, found.Leaf)));
        Remember(client, circumstances.Address, chain.Presented, circumstances.Handshake.Hello, circumstances.Handshake.Version);
    }

    /// <summary>A client whom ssl_ocsp would have kept out has not waited for it: a responder that hangs is hardly noticed otherwise.</summary>
    public static void OnLeft(Client client, OcspOutcome outcome)
    {
        if (client.Generation.Refusals?.IsFull(client.Server.Refusals) != true)
        {
            OnStatus(client, null, client.Server, outcome);
        }
    }

    /// <summary>libssl verified the chain; ssl_ocsp keeps one certificate of it out.</summary>
    private static void OnStatus(Client client, Exchange? exchange, ServerPlan server, OcspOutcome outcome)
    {
        var tls = client.Tls!;
        var circumstances = new Circumstances(client, exchange);
        var presented = HandshakeNotes.PresentedBy(tls);
        var leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0]);
        var refusal = circumstances.Refused(server, exchange is null ? null : 495, OcspReasons.Of(outcome, circumstances.Time), presented, leaf);
        Report(client, server, exchange is null ? refusal with { NginxLine = "" } : refusal);
        Remember(client, circumstances.Address, presented, circumstances.Handshake.Hello, circumstances.Handshake.Version);
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

    private static void Remember(Client client, string address, IReadOnlyList<byte[]> chain, ClientHelloFacts? hello, int version)
    {
        if (hello is not null && chain.Count > 0)
        {
            client.Generation.Refusals?.Memory.SawCertificate(
                address, hello.Ja4, chain, TrustBook.NameOf(client.Server), version, client.Worker.Time.GetUtcNow());
        }
    }
}
