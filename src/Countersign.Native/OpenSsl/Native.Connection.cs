using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>SSL. The calls that touch the socket set the last error, because SSL_ERROR_SYSCALL keeps errno and nothing else.</summary>
internal static unsafe partial class NativeConnection
{
    public const int ErrorSsl = 1;
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorWantLookup = 4;
    public const int ErrorSystem = 5;
    public const int ErrorZeroReturn = 6;
    public const int ErrorWantAsync = 9;
    public const int ErrorWantClientHello = 11;
    public const int ErrorWantRetryVerify = 12;

    public const int ReceivedShutdown = 2;
    public const int SentShutdown = 1;
    public const int InfoAcceptLoop = 0x2001;
    public const int InfoAlertRead = 0x4004;
    public const int InfoAlertWritten = 0x4008;
    public const int VersionTls13 = 0x304;

    public const int CommandHostName = 55;
    public const int CommandChain = 88;
    public const int CommandGroups = 90;
    public const int CommandRawCiphers = 110;
    public const int CommandGetMaximumVersion = 131;
    public const int CommandNegotiatedGroup = 134;
    public const int UnknownGroup = 0x1000000;

    public const int ExtensionServerName = 0;
    public const int NameTypeHost = 0;

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_new")]
    public static partial nint New(nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_free")]
    public static partial void Free(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_fd")]
    public static partial int SetSocket(nint ssl, int socket);

    /// <summary>Takes over both, which are to be two.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(nint ssl, nint reads, nint writes);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetAccept(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void SetConnect(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_ex_data")]
    public static partial int SetData(nint ssl, int index, nint data);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_ex_data")]
    public static partial nint Data(nint ssl, int index);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_do_handshake", SetLastError = true)]
    public static partial int Handshake(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_read", SetLastError = true)]
    public static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_write", SetLastError = true)]
    public static partial int Write(nint ssl, byte* buffer, int length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_shutdown", SetLastError = true)]
    public static partial int ShutDown(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_error")]
    public static partial int Error(nint ssl, int result);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_pending")]
    public static partial int Pending(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_has_pending"), SuppressGCTransition]
    public static partial int HasPending(nint ssl);

    /// <summary>Bytes of this side's last Finished; more than 0 once it has been sent.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_finished")]
    public static partial nuint Finished(nint ssl, void* buffer, nuint count);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_in_init")]
    public static partial int InHandshake(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_shutdown")]
    public static partial int ShutdownState(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_shutdown")]
    public static partial void SetShutdownState(nint ssl, int state);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_quiet_shutdown")]
    public static partial void SetQuietShutdown(nint ssl, int quiet);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_use_certificate")]
    public static partial int UseCertificate(nint ssl, nint certificate);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_use_PrivateKey")]
    public static partial int UsePrivateKey(nint ssl, nint key);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_SSL_CTX")]
    public static partial nint SetContext(nint ssl, nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_verify")]
    public static partial void SetVerify(nint ssl, int mode, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_verify_depth")]
    public static partial void SetVerifyDepth(nint ssl, int depth);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_options")]
    public static partial ulong Options(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_options")]
    public static partial ulong SetOptions(nint ssl, ulong options);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_clear_options")]
    public static partial ulong ClearOptions(nint ssl, ulong options);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_num_tickets")]
    public static partial int SetTickets(nint ssl, nuint count);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_verify_result")]
    public static partial nint VerifyResult(nint ssl);

    /// <summary>Borrowed; null without a certificate.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get0_peer_certificate")]
    public static partial nint PeerCertificate(nint ssl);

    /// <summary>Borrowed: the session's own list. On the server it leaves out the leaf, and a session that was encoded has none.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_peer_cert_chain")]
    public static partial nint PeerChain(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get0_verified_chain")]
    public static partial nint VerifiedChain(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_version")]
    public static partial int Version(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_version")]
    public static partial byte* VersionName(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint Cipher(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CIPHER_get_name")]
    public static partial byte* CipherName(nint cipher);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CIPHER_find")]
    public static partial nint FindCipher(nint ssl, byte* code);

    /// <summary>New in 3.0; the way to names of groups without a NID.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_group_to_name")]
    public static partial byte* GroupName(nint ssl, int group);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_servername")]
    public static partial byte* ServerName(nint ssl, int kind);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get0_alpn_selected")]
    public static partial void ApplicationProtocol(nint ssl, byte** data, uint* length);

    /// <summary>What the peer says it can verify; index -1 asks only how many.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_sigalgs")]
    public static partial int SignatureAlgorithms(nint ssl, int index, int* sign, int* hash, int* both, byte* rawSign, byte* rawHash);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_select_next_proto")]
    public static partial int SelectProtocol(byte** chosen, byte* length, byte* server, uint serverLength, byte* client, uint clientLength);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_client_hello_get0_ext")]
    public static partial int ClientHelloExtension(nint ssl, uint kind, byte** data, nuint* length);

    /// <summary>Borrowed, inside the ClientHello callback only.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_client_hello_get0_session_id")]
    public static partial nuint ClientHelloSessionId(nint ssl, byte** id);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_ex_data_X509_STORE_CTX_idx")]
    public static partial int VerificationIndex();

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_session_reused")]
    public static partial int SessionReused(nint ssl);

    /// <summary>Borrowed.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_session")]
    public static partial nint Session(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get1_session")]
    public static partial nint OwnSession(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_session")]
    public static partial int SetSession(nint ssl, nint session);

    /// <summary>OSSL_HANDSHAKE_STATE: the message that was read or written last. Numbers are only ever added.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_state")]
    public static partial int State(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_verify_mode")]
    public static partial int VerifyMode(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_msg_callback")]
    public static partial void SetMessages(nint ssl, void* callback);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_rbio"), SuppressGCTransition]
    public static partial nint ReadBio(nint ssl);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_get_wbio")]
    public static partial nint WriteBio(nint ssl);

    /// <summary>A client says that it can be asked for its certificate after the handshake.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_set_post_handshake_auth")]
    public static partial void SetPostHandshakeAuthentication(nint ssl, int allowed);
}
