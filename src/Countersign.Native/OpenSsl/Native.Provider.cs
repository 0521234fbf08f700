using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>OSSL_LIB_CTX and OSSL_PROVIDER. A library of 0 is the default one.</summary>
internal static unsafe partial class NativeProvider
{
    /// <summary>OSSL_OP_DECODER.</summary>
    public const int Decoders = 21;

    /// <summary>OSSL_FUNC_PROVIDER_QUERY_OPERATION.</summary>
    public const int FunctionQuery = 1027;

    /// <summary>OSSL_FUNC_PROVIDER_GET_CAPABILITIES.</summary>
    public const int FunctionCapabilities = 1030;

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_LIB_CTX_new")]
    public static partial nint NewLibrary();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_LIB_CTX_free")]
    public static partial void FreeLibrary(nint library);

    /// <summary>Of the calling thread, which one there is where none is named; 0 changes nothing. Returns which one it was.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_LIB_CTX_set0_default")]
    public static partial nint SetDefault(nint library);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_add_builtin")]
    public static partial int AddBuiltIn(nint library, byte* name, void* start);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_load")]
    public static partial nint Load(nint library, byte* name);

    /// <summary>Calls for each provider in use; a default one that nobody has asked for yet is loaded by that.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_do_all")]
    public static partial int ForEach(nint library, void* callback, void* argument);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_get0_name")]
    public static partial byte* Name(nint provider);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_get0_provider_ctx")]
    public static partial nint State(nint provider);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_query_operation")]
    public static partial NativeAlgorithm* Query(nint provider, int operation, int* isNotKept);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OSSL_PROVIDER_get_capabilities")]
    public static partial int Capabilities(nint provider, byte* capability, void* callback, void* argument);
}

/// <summary>OSSL_ALGORITHM; a list of them ends with one without names.</summary>
internal unsafe struct NativeAlgorithm
{
    public byte* Names;
    public byte* Properties;
    public void* Functions;
    public byte* Description;
}

/// <summary>OSSL_DISPATCH; a list of them ends with a 0.</summary>
internal unsafe struct NativeFunction(int identifier, void* function)
{
    public int Identifier = identifier;
    public void* Function = function;
}
