using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// Intermediates that clients sent and that led to a trusted root: a client that leaves one out can be told which. Loops share it, and it outlives
/// reloads. Whether one fits is asked of libcrypto each time, so what is in here need not be trusted.
/// </summary>
public sealed class SeenIntermediates
{
    /// <summary>The oldest goes first.</summary>
    public const int Most = 256;

    private const int LongestCertificate = 8 * 1024;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<CertificateFacts> _oldestFirst = [];

    /// <summary>As of now.</summary>
    public IReadOnlyList<CertificateFacts> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _oldestFirst];
            }
        }
    }

    /// <summary>
    /// Of a client that was let in. libssl has the path only when it was verified in this very handshake: who resumes, or whose chain is in
    /// ssl_verify_cache, costs nothing.
    /// </summary>
    public void Learn(TlsConnection connection)
    {
        var path = connection.VerifiedChain();
        for (var depth = 1; depth < path.Count - 1; depth++)
        {
            var certificate = path[depth];
            if (!Knows(certificate))
            {
                Learn(certificate.Der);
            }
        }
        foreach (var certificate in path)
        {
            certificate.Dispose();
        }
    }

    /// <summary>Of a client that was refused for something else: what it sent on its path to a trusted root.</summary>
    public void Learn(CertificatePath path)
    {
        if (path.End != PathEnd.Anchor)
        {
            return;
        }
        for (var depth = 1; depth < path.Certificates.Count; depth++)
        {
            if (!path.Trusted[depth])
            {
                Add(path.Certificates[depth]);
            }
        }
    }

    private bool Knows(Certificate certificate)
    {
        var name = Convert.ToHexStringLower(certificate.Sha256);
        lock (_gate)
        {
            return _known.Contains(name);
        }
    }

    private void Learn(byte[] der)
    {
        if (CertificateReader.Read(der) is { } facts)
        {
            Add(facts);
        }
    }

    private void Add(CertificateFacts facts)
    {
        if (facts.Der.Length > LongestCertificate)
        {
            return;
        }
        lock (_gate)
        {
            if (!_known.Add(facts.Sha256))
            {
                return;
            }
            _oldestFirst.Enqueue(facts);
            if (_oldestFirst.Count > Most)
            {
                _known.Remove(_oldestFirst.Dequeue().Sha256);
            }
        }
    }
}
