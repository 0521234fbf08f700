using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeOcsp
{
    /// <summary>OCSP_RESPONSE_STATUS_SUCCESSFUL.</summary>
    public const int Successful = 0;

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_REQUEST_new")]
    public static partial nint NewRequest();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_REQUEST_free")]
    public static partial void FreeRequest(nint request);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_OCSP_REQUEST")]
    public static partial int EncodeRequest(nint request, byte** to);

    /// <summary>With no digest given, by SHA-1: what every responder knows.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_cert_to_id")]
    public static partial nint IdOf(nint digest, nint certificate, nint issuer);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_CERTID_free")]
    public static partial void FreeId(nint id);

    /// <summary>Takes the id over unless it fails.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_request_add0_id")]
    public static partial nint AddId(nint request, nint id);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "d2i_OCSP_RESPONSE")]
    public static partial nint DecodeResponse(nint* existing, byte** from, nint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_RESPONSE_free")]
    public static partial void FreeResponse(nint response);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_response_status")]
    public static partial int ResponseStatus(nint response);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_response_status_str")]
    public static partial byte* ResponseStatusText(nint status);

    /// <summary>A reference of its own.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_response_get1_basic")]
    public static partial nint Basic(nint response);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_BASICRESP_free")]
    public static partial void FreeBasic(nint basic);

    /// <summary>1 only for a signature of the issuer or of one that it has delegated to, under a path that the store trusts.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_basic_verify")]
    public static partial int Verify(nint basic, nint certificates, nint store, nuint flags);

    /// <summary>The times stay the response's.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_resp_find_status")]
    public static partial int FindStatus(nint basic, nint id, int* status, int* reason, nint* revoked, nint* thisUpdate, nint* nextUpdate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_check_validity")]
    public static partial int CheckValidity(nint thisUpdate, nint nextUpdate, nint leeway, nint oldest);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OCSP_crl_reason_str")]
    public static partial byte* ReasonText(nint reason);

    /// <summary>STACK_OF(OPENSSL_STRING) of the certificate's responders, or 0; for <see cref="FreeUrls"/>.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get1_ocsp")]
    public static partial nint Urls(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_email_free")]
    public static partial void FreeUrls(nint urls);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_pubkey_digest")]
    public static partial int DigestKey(nint certificate, nint algorithm, byte* digest, uint* length);
}
