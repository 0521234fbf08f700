namespace Countersign.Native;

/// <summary>What a verification came to that no handshake asked for.</summary>
/// <param name="Error">X509_V_ERR code, as SSL_get_verify_result would have it.</param>
/// <param name="Problems">Every error in libssl's order.</param>
/// <param name="Path">The path that libssl built, as far as it came: DER, leaf first.</param>
public sealed record TlsChainTrial(int Error, IReadOnlyList<TlsVerification> Problems, IReadOnlyList<byte[]> Path);
