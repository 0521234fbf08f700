using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>Which libssl and libcrypto answer: the system's version 3, or the file in COUNTERSIGN_LIBSSL with the libcrypto beside it.</summary>
internal static class NativeLibraries
{
    public const string Ssl = "libssl";
    public const string Crypto = "libcrypto";

    private static readonly Lock Gate = new();
    private const ulong InitializeLoadConfig = 0x40;
    private const ulong InitializeNoExitHandler = 0x80000;

    private static nint _ssl;
    private static nint _crypto;

    /// <summary>openssl.cnf could not be taken; nginx does not start then.</summary>
    public static bool IsBroken { get; private set; }

    // An initializer of the module is the only place that surely runs before the first call of any declaration.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name is not (Ssl or Crypto))
        {
            return 0;
        }
        lock (Gate)
        {
            if (_ssl == 0)
            {
                Load();
            }
            return name == Ssl ? _ssl : _crypto;
        }
    }

    private static void Load()
    {
        var chosen = Environment.GetEnvironmentVariable("COUNTERSIGN_LIBSSL");
        if (string.IsNullOrEmpty(chosen))
        {
            _crypto = NativeLibrary.Load("libcrypto.so.3");
            _ssl = NativeLibrary.Load("libssl.so.3");
            Initialize();
            return;
        }
        // libcrypto first: libssl asks for it by name, and the loader takes the one already there over the system's.
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(chosen))!, "libcrypto.so.3");
        _crypto = NativeLibrary.Load(File.Exists(beside) ? beside : "libcrypto.so.3");
        _ssl = NativeLibrary.Load(chosen);
        Initialize();
    }

    // As nginx: openssl.cnf is read, by preference its section "nginx". Unlike nginx: no clean-up at exit, which would
    // pull OpenSSL's tables away from loops and finalizers that still run. Both hold only before any other call, and the
    // declarations cannot be used inside their own resolver.
    private static unsafe void Initialize()
    {
        var create = (delegate* unmanaged<nint>)NativeLibrary.GetExport(_crypto, "OPENSSL_INIT_new");
        var name = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(_crypto, "OPENSSL_INIT_set_config_appname");
        var free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_crypto, "OPENSSL_INIT_free");
        var initialize = (delegate* unmanaged<ulong, nint, int>)NativeLibrary.GetExport(_ssl, "OPENSSL_init_ssl");
        var clear = (delegate* unmanaged<void>)NativeLibrary.GetExport(_crypto, "ERR_clear_error");
        var settings = create();
        fixed (byte* section = "nginx\0"u8)
        {
            _ = name(settings, section);
        }
        IsBroken = initialize(InitializeLoadConfig | InitializeNoExitHandler, settings) == 0;
        free(settings);
        clear();
    }
}
