using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeX509
{
    public const nuint NameFlagsRfc2253 = 0x1110317;
    public const int NidSubjectAltName = 85;
    public const nuint FlagCrlCheckAll = 0xC;
    public const int MaximumDigest = 64;

    /// <summary>X509_V_ERR_APPLICATION_VERIFICATION.</summary>
    public const int ErrorApplication = 50;

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_free")]
    public static partial void Free(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_up_ref")]
    public static partial int Keep(nint certificate);

    /// <summary>An empty one, to be read into: what is read then lives in that library.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_new_ex")]
    public static partial nint New(nint library, byte* properties);

    /// <summary>Frees <paramref name="existing"/> and makes it 0 when its block is no certificate; leaves it alone when there is no block.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "PEM_read_bio_X509")]
    public static partial nint ReadPem(nint bio, nint* existing, void* password, void* argument);

    /// <summary>Also reads TRUSTED CERTIFICATE.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "PEM_read_bio_X509_AUX")]
    public static partial nint ReadPemAux(nint bio, nint* existing, void* password, void* argument);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "d2i_X509")]
    public static partial nint Decode(nint* existing, byte** from, nint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_X509")]
    public static partial int Encode(nint certificate, byte** to);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_subject_name")]
    public static partial nint Subject(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_issuer_name")]
    public static partial nint Issuer(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_print_ex")]
    public static partial int PrintName(nint bio, nint name, int indent, nuint flags);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_oneline")]
    public static partial byte* NameLine(nint name, byte* buffer, int size);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_dup")]
    public static partial nint DuplicateName(nint name);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_free")]
    public static partial void FreeName(nint name);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_cmp")]
    public static partial int CompareNames(nint left, nint right);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_NAME_digest")]
    public static partial int DigestName(nint name, nint algorithm, byte* digest, uint* length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_serialNumber")]
    public static partial nint Serial(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2a_ASN1_INTEGER")]
    public static partial int PrintInteger(nint bio, nint integer);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get0_notBefore")]
    public static partial nint NotBefore(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get0_notAfter")]
    public static partial nint NotAfter(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ASN1_TIME_print")]
    public static partial int PrintTime(nint bio, nint time);

    /// <summary>Fills a C <c>struct tm</c>: nine ints and a tail that differs by platform.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ASN1_TIME_to_tm")]
    public static partial int TimeParts(nint time, int* parts);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_digest")]
    public static partial int Digest(nint certificate, nint algorithm, byte* digest, uint* length);

    /// <summary>Borrowed; 0 for a key that OpenSSL does not know.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get0_pubkey")]
    public static partial nint KeyOf(nint certificate);

    /// <summary>Whether the signature is that key's.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_verify")]
    public static partial int VerifySignature(nint certificate, nint key);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_X509_PUBKEY")]
    public static partial nint PublicKey(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_X509_PUBKEY")]
    public static partial int EncodePublicKey(nint key, byte** to);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get0_subject_key_id")]
    public static partial nint SubjectKeyId(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get0_authority_key_id")]
    public static partial nint AuthorityKeyId(nint certificate);

    /// <summary>purpose -1 only computes the cached extension flags the two calls below read.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_check_purpose")]
    public static partial int CheckPurpose(nint certificate, int purpose, int authority);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_extension_flags")]
    public static partial uint ExtensionFlags(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_key_usage")]
    public static partial uint KeyUsage(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_extended_key_usage")]
    public static partial uint ExtendedKeyUsage(nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_get_ext_d2i")]
    public static partial nint Extension(nint certificate, int nid, int* critical, int* index);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "GENERAL_NAME_get0_value")]
    public static partial nint GeneralName(nint name, int* kind);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "GENERAL_NAMES_free")]
    public static partial void FreeGeneralNames(nint names);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ASN1_STRING_get0_data")]
    public static partial byte* StringData(nint text);

    /// <summary>V_ASN1_*; of an integer, whose bytes are without a sign, the sign is here.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ASN1_STRING_type")]
    public static partial int StringType(nint text);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ASN1_STRING_length")]
    public static partial int StringLength(nint text);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_check_host")]
    public static partial int CheckHost(nint certificate, byte* name, nuint length, uint flags, byte** peerName);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_verify_cert_error_string")]
    public static partial byte* VerifyText(nint code);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_add_cert")]
    public static partial int AddToStore(nint store, nint certificate);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_add_crl")]
    public static partial int AddCrlToStore(nint store, nint crl);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_set_flags")]
    public static partial int SetStoreFlags(nint store, nuint flags);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get_ex_data")]
    public static partial nint VerificationData(nint verification, int index);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get_error")]
    public static partial int VerificationError(nint verification);

    /// <summary>Not a reference of one's own; 0 where the problem is no certificate's.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get_current_cert")]
    public static partial nint VerifiedNow(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get_error_depth")]
    public static partial int VerificationDepth(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_set_error")]
    public static partial void SetVerificationError(nint verification, int error);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_set_error_depth")]
    public static partial void SetVerificationDepth(nint verification, int depth);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get0_cert")]
    public static partial nint VerifiedLeaf(nint verification);

    /// <summary>All that was presented, the leaf among them. Borrowed.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get0_untrusted")]
    public static partial nint Untrusted(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_new_ex")]
    public static partial nint NewVerification(nint library, byte* properties);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_free")]
    public static partial void FreeVerification(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_init")]
    public static partial int BeginVerification(nint verification, nint store, nint leaf, nint untrusted);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_set_default")]
    public static partial int SetDefaults(nint verification, byte* name);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_set_verify_cb")]
    public static partial void SetVerificationCallback(nint verification, void* callback);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get0_param")]
    public static partial nint VerificationParameter(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_set1_host")]
    public static partial int SetHost(nint parameter, byte* name, nuint length);

    /// <summary>An address in its text.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_set1_ip_asc")]
    public static partial int SetAddress(nint parameter, byte* address);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_set_depth")]
    public static partial void SetDepth(nint parameter, int depth);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_set_auth_level")]
    public static partial void SetSecurityLevel(nint parameter, int level);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_get_flags")]
    public static partial nuint ParameterFlags(nint parameter);

    /// <summary>Instead of the clock's.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_set_time")]
    public static partial void SetTime(nint parameter, nint seconds);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_VERIFY_PARAM_clear_flags")]
    public static partial int ClearFlags(nint parameter, nuint flags);

    /// <summary>STACK_OF(X509), borrowed; 0 before a verification.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get0_chain")]
    public static partial nint VerifiedPath(nint verification);

    /// <summary>The same with references of its own.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_CTX_get1_chain")]
    public static partial nint KeepVerifiedPath(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_verify_cert")]
    public static partial int Verify(nint verification);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_get0_param")]
    public static partial nint StoreParameter(nint store);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_up_ref")]
    public static partial int KeepStore(nint store);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_free")]
    public static partial void FreeStore(nint store);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_lock")]
    public static partial int LockStore(nint store);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_unlock")]
    public static partial int UnlockStore(nint store);

    /// <summary>STACK_OF(X509_OBJECT), borrowed; whoever first looks something up sorts it, under the store's lock.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_STORE_get0_objects")]
    public static partial nint StoreObjects(nint store);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_OBJECT_get_type")]
    public static partial int ObjectKind(nint item);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_OBJECT_get0_X509")]
    public static partial nint ObjectCertificate(nint item);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_OBJECT_get0_X509_CRL")]
    public static partial nint ObjectCrl(nint item);

    /// <summary>The certificate and what TRUSTED CERTIFICATE adds to it.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_X509_AUX")]
    public static partial int EncodeAux(nint certificate, byte** to);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "i2d_X509_CRL")]
    public static partial int EncodeCrl(nint crl, byte** to);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_CRL_get0_lastUpdate")]
    public static partial nint LastUpdate(nint crl);

    /// <summary>0 without one.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_CRL_get0_nextUpdate")]
    public static partial nint NextUpdate(nint crl);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_CRL_new_ex")]
    public static partial nint NewCrl(nint library, byte* properties);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "PEM_read_bio_X509_CRL")]
    public static partial nint ReadCrlPem(nint bio, nint* existing, void* password, void* argument);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_CRL_up_ref")]
    public static partial int KeepCrl(nint crl);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "X509_CRL_free")]
    public static partial void FreeCrl(nint crl);
}
