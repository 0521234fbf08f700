using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// What OpenSSL calls back. Every one is static, finds its object through ex_data, and catches everything: an exception
/// that reaches C ends the process.
/// </summary>
internal static unsafe class TlsCallbacks
{
    private const int ClientHelloSuccess = 1;
    private const int ClientHelloError = 0;
    private const int ClientHelloRetry = -1;
    private const int ExtensionOk = 0;
    private const int ExtensionAlertFatal = 2;
    private const int Negotiated = 1;

    // SSL_select_next_proto points into this list, so it has to stay where it is for good.
    private static readonly byte* Protocols = Permanent("\u0008http/1.1\u0008http/1.0\u0008http/0.9"u8);
    private const uint ProtocolsLength = 27;

    /// <summary>Index of the ex_data of SSL and SSL_CTX that holds a weak GCHandle.</summary>
    public static int ConnectionIndex { get; } = NativeContext.NewIndex(0, 0, 0, 0, 0, 0);

    public static int ContextIndex { get; } = NativeContext.NewIndex(1, 0, 0, 0, 0, 0);

    private static readonly int VerificationIndex = NativeConnection.VerificationIndex();

    public static void* Verify => (delegate* unmanaged[Cdecl]<int, nint, int>)&OnVerify;

    public static void* VerifyChain => (delegate* unmanaged[Cdecl]<nint, nint, int>)&OnVerifyChain;

    public static void* ClientHello => (delegate* unmanaged[Cdecl]<nint, int*, nint, int>)&OnClientHello;

    public static void* ServerName => (delegate* unmanaged[Cdecl]<nint, int*, nint, int>)&OnServerName;

    public static void* Certificate => (delegate* unmanaged[Cdecl]<nint, nint, int>)&OnCertificate;

    public static void* ApplicationProtocol => (delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int>)&OnApplicationProtocol;

    public static void* Information => (delegate* unmanaged[Cdecl]<nint, int, int, void>)&OnInformation;

    public static void* Conversation => (delegate* unmanaged[Cdecl]<int, int, int, byte*, nuint, nint, nint, void>)&OnMessage;

    /// <summary>Null also for 0: a chain may be verified for no connection.</summary>
    public static TlsConnection? ConnectionOf(nint ssl) => ssl == 0 ? null : Object(NativeConnection.Data(ssl, ConnectionIndex)) as TlsConnection;

    public static object? Object(nint handle) => handle == 0 ? null : GCHandle.FromIntPtr(handle).Target;

    // As nginx: whatever is wrong with the certificate, the handshake completes and the request is refused.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerify(int ok, nint verification)
    {
        try
        {
            if (ok == 0)
            {
                TlsChainCheck.Note(new TlsVerification(NativeX509.VerificationError(verification), NativeX509.VerificationDepth(verification)));
            }
            var connection = ConnectionOf(NativeX509.VerificationData(verification, VerificationIndex));
            connection?.Server?.NoteVerification(ok != 0, verification);
        }
        catch (Exception failure)
        {
            Ignore(failure);
        }
        return 1;
    }

    // In place of X509_verify_cert. 0 ends the handshake, which a failure of our own must do.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerifyChain(nint verification, nint argument)
    {
        TlsConnection? connection = null;
        try
        {
            connection = ConnectionOf(NativeX509.VerificationData(verification, VerificationIndex));
            return connection?.Server is { } server ? server.VerifyChain(verification) : NativeX509.Verify(verification);
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
            NativeX509.SetVerificationError(verification, NativeX509.ErrorApplication);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClientHello(nint ssl, int* alert, nint argument)
    {
        *alert = (int)TlsAlert.InternalError;
        TlsConnection? connection = null;
        try
        {
            connection = ConnectionOf(ssl);
            if (connection?.Server is not { } server)
            {
                return ClientHelloError;
            }
            byte* data;
            nuint length;
            string? name = null;
            if (NativeConnection.ClientHelloExtension(ssl, NativeConnection.ExtensionServerName, &data, &length) != 0
                && !TryReadName(new ReadOnlySpan<byte>(data, (int)length), out name, out var refusal))
            {
                *alert = (int)refusal;
                return ClientHelloError;
            }
            var answer = server.AskServerName(name);
            if (answer.IsSuspended)
            {
                return ClientHelloRetry;
            }
            if (!answer.IsRefused)
            {
                server.ChooseSessions();
                server.NoteChoice();
            }
            *alert = (int)answer.Alert;
            return answer.IsRefused ? ClientHelloError : ClientHelloSuccess;
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
            return ClientHelloError;
        }
    }

    // Only acknowledges what was decided at the ClientHello; without it OpenSSL does not answer the extension.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerName(nint ssl, int* alert, nint argument)
    {
        try
        {
            if (ConnectionOf(ssl) is { Server.IsServerNameAccepted: true })
            {
                return ExtensionOk;
            }
        }
        catch (Exception failure)
        {
            Ignore(failure);
        }
        *alert = (int)TlsAlert.UnrecognizedName;
        return ExtensionAlertFatal;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCertificate(nint ssl, nint argument)
    {
        TlsConnection? connection = null;
        try
        {
            connection = ConnectionOf(ssl);
            return connection?.Server?.AskCertificate() == true ? 1 : 0;
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnApplicationProtocol(nint ssl, byte** chosen, byte* length, byte* offered, uint offeredLength, nint argument) =>
        NativeConnection.SelectProtocol(chosen, length, Protocols, ProtocolsLength, offered, offeredLength) == Negotiated
            ? ExtensionOk
            : ExtensionAlertFatal;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnInformation(nint ssl, int where, int result)
    {
        var isProgress = (where & NativeConnection.InfoAcceptLoop) == NativeConnection.InfoAcceptLoop;
        if (!isProgress && where is not (NativeConnection.InfoAlertRead or NativeConnection.InfoAlertWritten))
        {
            return;
        }
        try
        {
            if (isProgress)
            {
                ConnectionOf(ssl)?.Server?.NoteProgress();
            }
            else
            {
                // Its level is in the high byte.
                ConnectionOf(ssl)?.Server?.NoteAlert(where == NativeConnection.InfoAlertWritten, result & 0xff);
            }
        }
        catch (Exception failure)
        {
            Ignore(failure);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int isSent, int version, int content, byte* bytes, nuint length, nint ssl, nint argument)
    {
        try
        {
            ConnectionOf(ssl)?.Conversation?.Note(isSent != 0, version, content, new ReadOnlySpan<byte>(bytes, (int)Math.Min(length, int.MaxValue)));
        }
        catch (Exception failure)
        {
            Ignore(failure);
        }
    }

    // RFC 6066 section 3, as strictly as OpenSSL and nginx: one name, of type host, not empty.
    private static bool TryReadName(ReadOnlySpan<byte> data, out string? name, out TlsAlert refusal)
    {
        name = null;
        refusal = TlsAlert.DecodeError;
        if (data.Length < 5
            || (data[0] << 8) + data[1] + 2 != data.Length
            || data[2] != NativeConnection.NameTypeHost
            || (data[3] << 8) + data[4] + 5 != data.Length)
        {
            return false;
        }
        refusal = TlsAlert.UnrecognizedName;
        var host = data[5..];
        if (host.Length > 255 || host.Contains((byte)0))
        {
            return false;
        }
        name = host.Length == 0 ? null : System.Text.Encoding.Latin1.GetString(host);
        return true;
    }

    private static byte* Permanent(ReadOnlySpan<byte> bytes)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }

    // Nothing of the caller's ran, so there is nobody to tell; the step goes on as if the callback were absent.
    private static void Ignore(Exception failure) => _ = failure;
}
