using System.Text;

namespace Countersign.Native;

/// <summary>One step of a verification in words, for a debug log.</summary>
internal static class TlsVerificationTrail
{
    /// <param name="verification">X509_STORE_CTX inside its verify callback.</param>
    public static void Tell(ITlsServerEvents listener, bool isGood, nint verification)
    {
        var step = new TlsVerification(NativeX509.VerificationError(verification), NativeX509.VerificationDepth(verification));
        var certificate = NativeX509.VerifiedNow(verification);
        listener.OnVerification(
            isGood, step, Name(certificate == 0 ? 0 : NativeX509.Subject(certificate)), Name(certificate == 0 ? 0 : NativeX509.Issuer(certificate)));
    }

    private static string Name(nint name) => name == 0 ? "(none)" : Encoding.Latin1.GetString(CertificateText.LegacyName(name));
}
