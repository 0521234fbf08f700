using Countersign.Configuration;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>The certificates that a refused client sent, kept until they have been looked at, and what libssl has against them.</summary>
internal sealed class RefusedChain : IDisposable
{
    private readonly IReadOnlyList<Certificate> _certificates;

    /// <param name="find">libssl's errors about the chain.</param>
    public RefusedChain(TlsConnection tls, Func<IReadOnlyList<Certificate>, IReadOnlyList<TlsVerification>> find)
    {
        _certificates = tls.PresentedChain();
        Errors = find(_certificates);
    }

    /// <summary>Empty where there is nothing against it.</summary>
    public IReadOnlyList<TlsVerification> Errors { get; }

    /// <summary>In DER, leaf first.</summary>
    public IReadOnlyList<byte[]> Presented => field ??= [.. _certificates.Select(certificate => certificate.Der)];

    /// <param name="generation">Its trust has been read.</param>
    public ChainFinding Examine(Generation generation, ServerPlan server, DateTimeOffset now)
    {
        var seen = generation.Intermediates;
        return ChainExamination.Run(generation.Trust, server, _certificates, Errors, now, seen.All, seen.Learn);
    }

    public void Dispose()
    {
        foreach (var certificate in _certificates)
        {
            certificate.Dispose();
        }
    }
}
