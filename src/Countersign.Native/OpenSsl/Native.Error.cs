using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeError
{
    public const int TextString = 2;
    public const int LibraryPem = 9;
    public const int LibraryX509 = 11;
    public const int PemNoStartLine = 108;
    public const int X509KeyValuesMismatch = 116;

    /// <summary>Before every call whose error is to be read. Clearing touches all 16 places of the queue, looking only the first.</summary>
    public static void Clear()
    {
        if (Peek() != 0)
        {
            ClearQueue();
        }
    }

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_clear_error")]
    private static partial void ClearQueue();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_peek_error")]
    public static partial nuint Peek();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_peek_last_error")]
    public static partial nuint PeekLast();

    /// <summary>The text in <paramref name="data"/> belongs to the queue and dies with the next error put there.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_get_error_all")]
    public static partial nuint Take(byte** file, int* line, byte** function, byte** data, int* flags);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_error_string_n")]
    public static partial void Text(nuint code, byte* buffer, nuint length);
}
