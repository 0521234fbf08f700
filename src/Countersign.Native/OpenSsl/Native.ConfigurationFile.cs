using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>openssl.cnf (CONF), to look something up in it; OpenSSL itself has taken it at its start.</summary>
internal static unsafe partial class NativeConfigurationFile
{
    /// <summary>OPENSSL_CONF, or where the library was built to look. The caller's to free.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "CONF_get1_default_config_file")]
    public static partial byte* DefaultPath();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "NCONF_new")]
    public static partial nint New(nint method);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "NCONF_free")]
    public static partial void Free(nint configuration);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "NCONF_load")]
    public static partial int Load(nint configuration, byte* path, nint* line);

    /// <summary>Borrowed; null, and an error in the queue, when it is not there. A null section is what stands before all sections.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "NCONF_get_string")]
    public static partial byte* Value(nint configuration, byte* section, byte* name);
}
