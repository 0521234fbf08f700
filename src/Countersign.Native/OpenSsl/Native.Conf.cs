using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>SSL_CONF_CTX, behind ssl_conf_command.</summary>
internal static unsafe partial class NativeConf
{
    /// <summary>FILE, SERVER, CLIENT, CERTIFICATE and SHOW_ERRORS.</summary>
    public const uint Flags = 0x3E;
    public const int ValueFile = 2;
    public const int ValueFolder = 3;
    public const int ValueStore = 5;

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_CTX_new")]
    public static partial nint New();

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_CTX_free")]
    public static partial void Free(nint configuration);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_CTX_set_flags")]
    public static partial uint SetFlags(nint configuration, uint flags);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_CTX_set_ssl_ctx")]
    public static partial void SetContext(nint configuration, nint context);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_cmd_value_type")]
    public static partial int ValueKind(nint configuration, byte* name);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_cmd")]
    public static partial int Command(nint configuration, byte* name, byte* value);

    [LibraryImport(NativeLibraries.Ssl, EntryPoint = "SSL_CONF_CTX_finish")]
    public static partial int Finish(nint configuration);
}
