using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>SSL_CTX. OpenSSL's macros over SSL_CTX_ctrl have no symbol, so their command numbers are here.</summary>
internal static unsafe partial class NativeContext
{
    public const int CommandMode = 33;
    public const int CommandReadAhead = 41;
    public const int CommandSessionCacheSize = 42;
    public const int CommandSessionCacheMode = 44;
    public const int CommandServerNameCallback = 53;
    public const int CommandChain = 88;
    public const int CommandGetChain = 115;
    public const int CommandGroupsList = 92;
    public const int CommandMinimumVersion = 123;
    public const int CommandMaximumVersion = 124;
    public const int CommandGetVerificationStore = 137;

    public const nint ModePartialWrite = 1;
    public const nint ModeMovingWriteBuffer = 2;
    public const nint ModeNoAutoChain = 8;
    public const nint ModeReleaseBuffers = 16;

    public const ulong OptionIgnoreUnexpectedEnd = 0x80;
    public const ulong OptionDontInsertEmptyFragments = 0x800;
    public const ulong OptionNoTicket = 0x4000;
    public const ulong OptionNoCompression = 0x20000;
    public const ulong OptionServerPreference = 0x400000;
    public const ulong OptionNoAntiReplay = 0x1000000;
    public const ulong OptionNoSsl3 = 0x2000000;
    public const ulong OptionNoTls10 = 0x4000000;
    public const ulong OptionNoTls12 = 0x8000000;
    public const ulong OptionNoTls11 = 0x10000000;
    public const ulong OptionNoTls13 = 0x20000000;
    public const ulong OptionNoRenegotiation = 0x40000000;
    public const ulong OptionNoTransmitCertificateCompression = 1UL << 32;
    public const ulong OptionNoReceiveCertificateCompression = 1UL << 33;

    public const nint CacheOff = 0;
    public const nint CacheClient = 1;
    public const nint CacheServer = 2;
    public const nint CacheNoAutoClear = 0x80;
    public const nint CacheNoInternalStore = 0x200;
    public const nint CacheNoInternal = 0x300;

    public const int VerifyNone = 0;
    public const int VerifyPeer = 1;

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "TLS_method")]
    public static partial nint Method();

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_new_ex")]
    public static partial nint New(nint library, byte* properties, nint method);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void Free(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(nint context, int command, nint number, void* pointer);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_callback_ctrl")]
    public static partial nint ControlCallback(nint context, int command, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(nint context, ulong options);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_clear_options")]
    public static partial ulong ClearOptions(nint context, ulong options);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_options")]
    public static partial ulong Options(nint context);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "CRYPTO_get_ex_new_index")]
    public static partial int NewIndex(int kind, nint number, nint pointer, nint create, nint duplicate, nint free);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_ex_data")]
    public static partial int SetData(nint context, int index, nint data);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_ex_data")]
    public static partial nint Data(nint context, int index);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_cipher_list")]
    public static partial int SetCiphers(nint context, byte* list);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_use_certificate")]
    public static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_use_PrivateKey")]
    public static partial int UsePrivateKey(nint context, nint key);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(nint context, int mode, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_verify_mode")]
    public static partial int VerifyMode(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_verify_callback")]
    public static partial void* VerifyCallback(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_verify_depth")]
    public static partial void SetVerifyDepth(nint context, int depth);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_verify_depth")]
    public static partial int VerifyDepth(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_cert_store")]
    public static partial nint Store(nint context);

    /// <summary>Takes a reference of its own.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set1_cert_store")]
    public static partial void UseStore(nint context, nint store);

    /// <summary>Borrowed. What libssl verifies peers against: the store of VerifyCAFile and the like (ssl_conf_command) where there is one, and no other.</summary>
    public static nint VerificationStore(nint context)
    {
        nint own = 0;
        _ = Control(context, CommandGetVerificationStore, 0, &own);
        return own == 0 ? Store(context) : own;
    }

    /// <summary>Takes over the list and its names.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_client_CA_list")]
    public static partial void SetClientAuthorities(nint context, nint names);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_dup_CA_list")]
    public static partial nint CopyNames(nint names);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_client_CA_list")]
    public static partial nint ClientAuthorities(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set0_tmp_dh_pkey")]
    public static partial int SetDiffieHellman(nint context, nint parameters);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_session_id_context")]
    public static partial int SetSessionIdContext(nint context, byte* id, uint length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_timeout")]
    public static partial nint SetTimeout(nint context, nint seconds);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_timeout")]
    public static partial nint Timeout(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_client_hello_cb")]
    public static partial void SetClientHello(nint context, void* callback, nint argument);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    public static partial void SetApplicationProtocol(nint context, void* callback, nint argument);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_info_callback")]
    public static partial void SetInformation(nint context, void* callback);

    /// <summary>Connections take it over when they are made.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_msg_callback")]
    public static partial void SetMessages(nint context, void* callback);

    /// <summary>Borrowed: STACK_OF(SSL_CIPHER), of all versions.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_ciphers")]
    public static partial nint Ciphers(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CIPHER_get_protocol_id")]
    public static partial ushort CipherCode(nint cipher);

    /// <summary>Borrowed: the leaf that was set last.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get0_certificate")]
    public static partial nint OwnCertificate(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_sess_set_new_cb")]
    public static partial void SetNewSession(nint context, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_sess_set_get_cb")]
    public static partial void SetGetSession(nint context, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_sess_set_remove_cb")]
    public static partial void SetRemoveSession(nint context, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_tlsext_ticket_key_evp_cb")]
    public static partial int SetTicketKey(nint context, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_get_security_level")]
    public static partial int SecurityLevel(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_cert_cb")]
    public static partial void SetCertificateCallback(nint context, void* callback, nint argument);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    public static partial void SetChainVerification(nint context, void* callback, nint argument);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_session_ticket_cb")]
    public static partial int SetTicketCallbacks(nint context, void* generate, void* decrypt, nint argument);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_num_tickets")]
    public static partial int SetTickets(nint context, nuint count);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_remove_session")]
    public static partial int RemoveSession(nint context, nint session);

    /// <summary>0 is success, against the rule.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_alpn_protos")]
    public static partial int OfferProtocols(nint context, byte* list, uint length);

    /// <summary>The system's store: SSL_CERT_FILE and SSL_CERT_DIR, or the folders libcrypto was built with.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_set_default_verify_paths")]
    public static partial int TrustSystem(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CTX_check_private_key")]
    public static partial int CheckPrivateKey(nint context);
}
