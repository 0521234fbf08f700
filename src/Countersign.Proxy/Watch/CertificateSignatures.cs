using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>Who signed whom: libcrypto's answers, of certificates decoded once each.</summary>
public sealed class CertificateSignatures : IDisposable
{
    private readonly Dictionary<CertificateFacts, Certificate?> _decoded = [];
    private readonly Dictionary<CertificateFacts, Certificate> _given = [];

    /// <summary>libssl has decoded it already. It stays the caller's.</summary>
    public void Know(CertificateFacts facts, Certificate certificate) => _given.TryAdd(facts, certificate);

    public bool IsSigned(CertificateFacts subject, CertificateFacts issuer) =>
        Decoded(subject) is { } one && Decoded(issuer) is { } other && one.IsSignedBy(other);

    public bool IsKeyReadable(CertificateFacts facts) => Decoded(facts)?.HasReadableKey == true;

    public void Dispose()
    {
        foreach (var certificate in _decoded.Values)
        {
            certificate?.Dispose();
        }
    }

    private Certificate? Decoded(CertificateFacts facts)
    {
        if (_given.TryGetValue(facts, out var given))
        {
            return given;
        }
        if (!_decoded.TryGetValue(facts, out var certificate))
        {
            _decoded[facts] = certificate = Certificate.FromDer(facts.Der.Span);
        }
        return certificate;
    }
}
