namespace Countersign.Refusals;

/// <summary>SSL_R_* of OpenSSL 3 that tell reasons apart.</summary>
internal static class HandshakeErrors
{
    public const int NoSuitableKeyShare = 101;
    public const int NoSuitableSignatureAlgorithm = 118;
    public const int BadSignature = 123;
    public const int CertificateVerifyFailed = 134;
    public const int CertificateLengthMismatch = 135;
    public const int ExcessiveMessageSize = 152;
    public const int HttpsProxyRequest = 155;
    public const int HttpRequest = 156;
    public const int NoSharedCipher = 193;
    public const int NoApplicationProtocol = 235;
    public const int UnableToFindPublicKeyParameters = 239;
    public const int UnknownCertificateType = 247;
    public const int UnsupportedProtocol = 258;
    public const int WrongSignatureLength = 264;
    public const int WrongSignatureSize = 265;
    public const int X509Library = 268;
    public const int NoSuitableGroups = 295;
    public const int RenegotiateExtensionTooLong = 335;
    public const int RenegotiationEncoding = 336;
    public const int RenegotiationMismatch = 337;
    public const int UnsafeLegacyRenegotiation = 338;
    public const int NoRenegotiation = 339;
    public const int ScsvWhenRenegotiating = 345;
    public const int WrongSignatureType = 370;
    public const int InappropriateFallback = 373;
    public const int NoSharedSignatureAlgorithms = 376;
    public const int VersionTooLow = 396;
    public const int NoSharedGroups = 410;

    /// <summary>ERR_R_ASN1_LIB and ERR_R_X509_LIB: the number of the library with the flag of reasons that all libraries share.</summary>
    public const int Asn1Library = 13 | 2 << 18;
    public const int X509LibraryOfAll = 11 | 2 << 18;

    /// <summary>Bytes that are no TLS in the place they came at, or were not what the other side sent.</summary>
    public static bool IsAboutRecords(int reason) => reason is 103 or 110 or 111 or 115 or 129 or 133 or 145 or 146 or 147 or 149 or 150 or 153 or 154 or 159 or 160
        or 182 or 198 or 205 or 213 or 226 or 227 or 244 or 245 or 246 or 266 or 267 or 271 or 281 or 291 or 292 or 293 or 443;
}
