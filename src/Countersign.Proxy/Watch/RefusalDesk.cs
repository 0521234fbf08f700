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
/// Where a connection that was turned away becomes a <see cref="Refusal"/>. Everything here runs after the decision and only for those whom it
/// was taken against: accepted clients cost nothing.
/// </summary>
internal static class RefusalDesk
{
    /// <summary>A request was answered 421, 495, 496 or 497.</summary>
    public static void OnRequest(Exchange exchange, ClientVerdict verdict, int status)
    {
        var client = exchange.Client;
        if (client.Tls is null || !client.Tls.HasPeerCertificate)
        {
            return;
        }
        var generation = client.Generation;
        var server = exchange.Server;
        var presented = client.Tls.PresentedChain();
        try
        {
            var errors = Errors(client.Tls, verdict, presented);
            if (errors.Count == 0 || generation.Refusals?.IsFull(server.Refusals) == true)
            {
                return;
            }
            var now = client.Worker.Time.GetUtcNow();
            // Without SNI a Host may lead to another server than the one whose trust was asked.
            var verifier = client.Tls.Context?.Tag as ServerPlan ?? server;
            var seen = generation.Intermediates;
            var (reason, others, named) = ChainExamination.Run(generation.Trust, verifier, presented, errors, now, seen.All, seen.Learn);
            Report(client, new Refusal
            {
                Reason = reason,
                Others = others,
                Errors = named,
                Time = now,
                Incident = NewIncident(),
                Status = status,
                NginxLine = $"client SSL certificate verify error: ({errors[^1].Error}:{errors[^1].Text})",
                Client = EndPointOf(client),
                Server = TrustBook.Title(server),
                Sni = client.Tls.ServerName,
                Host = Encoding.Latin1.GetString(exchange.Host.Span),
                Presented = [.. presented.Select(certificate => (ReadOnlyMemory<byte>)certificate.Der)],
                Leaf = presented.Count == 0 ? null : CertificateReader.Read(presented[0].Der),
            });
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

    private static void Report(Client client, Refusal refusal)
    {
        var settings = (client.Log.Exchange?.Server ?? client.Server).Refusals;
        var isKept = client.Generation.Refusals?.Report(settings, refusal) ?? false;
        client.Refused = new RefusalMark(refusal.Reason.Id, isKept ? refusal.Incident : "");
        if (client.Log.IsEnabled(settings.Level))
        {
            client.Log.Write(settings.Level, ByteText.FromUnicode(RefusalLine.Of(isKept ? refusal : refusal with { Incident = "" })));
        }
    }

    private static IPEndPoint? EndPointOf(Client client) =>
        IPEndPoint.TryParse(client.Peer.ToString() ?? "", out var endPoint) ? endPoint : null;

    private static string NewIncident() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
