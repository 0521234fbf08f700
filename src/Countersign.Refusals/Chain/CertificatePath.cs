namespace Countersign.Refusals;

/// <summary>How a path from a leaf upwards ends.</summary>
public enum PathEnd
{
    /// <summary>At a self-signed certificate of the bundle.</summary>
    Anchor,

    /// <summary>Nobody of that name is known.</summary>
    IssuerAbsent,

    /// <summary>Somebody of that name is known, with another key.</summary>
    IssuerOtherKey,

    /// <summary>At a self-signed certificate that the bundle does not have.</summary>
    SelfSigned,

    /// <summary>At certificates that issue each other.</summary>
    Loop,

    /// <summary>The work allowed for one refusal was done before it ended.</summary>
    Unfinished,
}

/// <summary>The path that libssl would have to find, as far as it goes.</summary>
/// <param name="Certificates">Leaf first.</param>
/// <param name="Trusted">For each of them: the bundle has it.</param>
/// <param name="Namesake">For <see cref="PathEnd.IssuerOtherKey"/>: who has the issuer's name.</param>
public sealed record CertificatePath(
    IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<bool> Trusted, PathEnd End, CertificateFacts? Namesake = null)
{
    public CertificateFacts Last => Certificates[^1];

    /// <summary>ssl_verify_depth counts the certificates between leaf and anchor.</summary>
    public int Intermediates => Math.Max(0, Certificates.Count - (End == PathEnd.Anchor ? 2 : 1));

    /// <summary>Empty for a depth beyond the path.</summary>
    public string Subject(int depth) => depth >= 0 && depth < Certificates.Count ? Certificates[depth].Subject.ToString() : "";

    /// <summary>Of an error's depth; the last one for a depth beyond it.</summary>
    public CertificateFacts At(int depth) => Certificates[Math.Clamp(depth, 0, Certificates.Count - 1)];
}
