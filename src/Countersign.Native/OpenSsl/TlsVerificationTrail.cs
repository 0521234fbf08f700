using System.Text;

namespace Countersign.Native;

/// <summary>What the verify callback saw of one chain.</summary>
internal sealed class TlsVerificationTrail
{
    /// <summary>A chain as long as a client likes must not fill the memory.</summary>
    private const int Kept = 16;

    private readonly List<TlsVerification> _problems = [];

    public IReadOnlyList<TlsVerification> Problems => _problems;

    /// <param name="verification">X509_STORE_CTX inside its verify callback.</param>
    /// <param name="listener">Told of each step, good ones too; or null.</param>
    public void Add(bool isGood, nint verification, ITlsServerEvents? listener)
    {
        var step = new TlsVerification(NativeX509.VerificationError(verification), NativeX509.VerificationDepth(verification));
        if (!isGood && _problems.Count < Kept)
        {
            _problems.Add(step);
        }
        if (listener != null)
        {
            var certificate = NativeX509.VerifiedNow(verification);
            listener.OnVerification(
                isGood, step, Name(certificate == 0 ? 0 : NativeX509.Subject(certificate)), Name(certificate == 0 ? 0 : NativeX509.Issuer(certificate)));
        }
    }

    private static string Name(nint name) => name == 0 ? "(none)" : Encoding.Latin1.GetString(CertificateText.LegacyName(name));
}
