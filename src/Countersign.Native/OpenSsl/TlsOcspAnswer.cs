namespace Countersign.Native;

/// <summary>V_OCSP_CERTSTATUS_*.</summary>
public enum TlsOcspStatus
{
    Good = 0,
    Revoked = 1,
    Unknown = 2,
}

/// <summary>What a responder says of one certificate; it was signed by whoever may say so, and is in force.</summary>
/// <param name="Revoked">Since when; null unless it is revoked.</param>
/// <param name="Reason">As OpenSSL names it (<c>keyCompromise</c>); empty where the responder gives none.</param>
/// <param name="NextUpdate">Null when the responder does not say.</param>
public sealed record TlsOcspAnswer(
    TlsOcspStatus Status, DateTimeOffset? Revoked, string Reason, DateTimeOffset? ThisUpdate, DateTimeOffset? NextUpdate);
