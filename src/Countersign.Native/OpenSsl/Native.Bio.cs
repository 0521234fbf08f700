using System.Runtime.InteropServices;

namespace Countersign.Native;

internal static unsafe partial class NativeBio
{
    public const int CommandReset = 1;
    public const int CommandEnd = 2;
    public const int CommandData = 3;
    public const int CommandBufferSize = 117;
    public const int CommandSetEndReturn = 130;

    public const int FlagKeepOnReset = 0x400;

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_new_file")]
    public static partial nint File(byte* path, byte* mode);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_write")]
    public static partial int Write(nint bio, byte* data, int length);

    /// <summary>Bytes that have been read through it since it was made.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_number_read"), SuppressGCTransition]
    public static partial ulong NumberRead(nint bio);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_set_flags")]
    public static partial void SetFlags(nint bio, int flags);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_new")]
    public static partial nint New(nint method);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_s_mem")]
    public static partial nint MemoryMethod();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_free")]
    public static partial int Free(nint bio);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_ctrl")]
    public static partial nint Control(nint bio, int command, nint number, void* pointer);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "BIO_int_ctrl")]
    public static partial nint ControlInteger(nint bio, int command, nint number, int argument);
}
