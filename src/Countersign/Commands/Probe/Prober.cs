using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>Connects as often as it takes to tell what the server asks for and what it makes of the certificate.</summary>
internal sealed class Prober(ProbeOptions options, TimeProvider time, Action<string> tell)
{
    /// <exception cref="ProbeException">There is nothing to report on.</exception>
    public async Task<ProbeReport> Run()
    {
        using var trust = ProbeTls.Trust(options.Authorities);
        var without = await Attempt(null, options.Protocols, asks: true, "without a certificate");
        ForeignProtocol.Check(without, options);
        var with = options.Certificate is { IsOtherKey: false } certificate ? await Attempt(certificate, options.Protocols, asks: true, "with the certificate") : null;
        // Only TLS 1.2 has types of certificates, and a client that speaks no other is asked there.
        var older = options.Protocols is null && without.Protocol == "TLSv1.3" ? await Attempt(null, TlsProtocols.Tls12, asks: false, "by TLS 1.2") : null;

        var now = time.GetUtcNow();
        var decisive = with ?? without;
        var server = ServerChain.Examine(without.Chain, options, trust, now);
        var request = decisive.Request ?? without.Request;
        var withholding = options.Certificate is { } own && request is not null ? new Withholding(request, own.Chain, Known(), now) : null;
        List<ProbeFinding> findings = options.Certificate is { } mine ? [.. OwnCertificate.Check(mine, withholding, now)] : [];
        return new ProbeReport
        {
            Options = options,
            Now = now,
            Without = without,
            With = with,
            Older = older,
            Server = server,
            Findings = findings,
            Withholding = withholding,
            Verdict = ProbeDiagnosis.Of(options, decisive, findings, server),
        };
    }

    private Task<ProbeSight> Attempt(ProbeCertificate? certificate, TlsProtocols? protocols, bool asks, string how)
    {
        tell(how);
        return ProbeAttempt.Run(options, certificate, protocols, asks);
    }

    /// <summary>Authorities of --ca: clients often have one file for both directions, and an intermediate that the certificate's file lacks may be in it.</summary>
    private List<CertificateFacts> Known()
    {
        if (options.Authorities is not { } file)
        {
            return [];
        }
        var read = Certificate.ReadBundle(file);
        try
        {
            return [.. read.Select(one => CertificateReader.Read(one.Der)).OfType<CertificateFacts>()];
        }
        finally
        {
            foreach (var one in read)
            {
                one.Dispose();
            }
        }
    }
}
