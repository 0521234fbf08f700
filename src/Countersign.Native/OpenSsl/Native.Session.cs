using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeSession
{
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_free")]
    public static partial void Free(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_up_ref")]
    public static partial int Keep(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_get_id")]
    public static partial byte* Id(nint session, uint* length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_set1_id")]
    public static partial int SetId(nint session, byte* id, uint length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_get_time")]
    public static partial nint Time(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_set_time")]
    public static partial nint SetTime(nint session, nint seconds);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_get_timeout")]
    public static partial nint Timeout(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_set_timeout")]
    public static partial nint SetTimeout(nint session, nint seconds);

    /// <summary>Borrowed.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_get0_peer")]
    public static partial nint Certificate(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_set1_id_context")]
    public static partial int SetIdContext(nint session, byte* id, uint length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_dup")]
    public static partial nint Duplicate(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_set1_ticket_appdata")]
    public static partial int SetTicketData(nint session, byte* data, nuint length);

    /// <summary>Borrowed.</summary>
    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_get0_ticket_appdata")]
    public static partial int TicketData(nint session, byte** data, nuint* length);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_SESSION_is_resumable")]
    public static partial int IsResumable(nint session);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "i2d_SSL_SESSION")]
    public static partial int Encode(nint session, byte** to);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "d2i_SSL_SESSION")]
    public static partial nint Decode(nint* existing, byte** from, nint length);
}
