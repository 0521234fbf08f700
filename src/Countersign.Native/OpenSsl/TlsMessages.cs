using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// libssl's message callback, for two messages: the ClientHello of each connection, which explains a refusal, and the first CertificateRequest
/// of a context in each version, which all of its clients get alike. After them it is taken off the connection, so that records cost nothing.
/// </summary>
internal static unsafe class TlsMessages
{
    private const int Handshake = 22;

    public const byte ClientHello = 1;
    public const byte ServerHello = 2;
    public const byte CertificateRequest = 13;

    public static void* Callback => (delegate* unmanaged[Cdecl]<int, int, int, byte*, nuint, nint, nint, void>)&OnMessage;

    public static void Stop(nint ssl) => NativeConnection.SetMessages(ssl, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int isWritten, int version, int kind, byte* bytes, nuint length, nint ssl, nint argument)
    {
        if (kind != Handshake || length == 0)
        {
            return;
        }
        TlsConnection? connection = null;
        try
        {
            connection = TlsCallbacks.ConnectionOf(ssl);
            connection?.Server?.NoteMessage(isWritten != 0, version, new ReadOnlySpan<byte>(bytes, (int)length));
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
        }
    }
}
