using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>Which libssl and libcrypto answer: the system's version 3, or the file in COUNTERSIGN_LIBSSL with the libcrypto beside it.</summary>
internal static unsafe class NativeLibraries
{
    public const string Ssl = "libssl";
    public const string Crypto = "libcrypto";

    /// <summary>The variable that names another libssl.</summary>
    public const string Chosen = "COUNTERSIGN_LIBSSL";

    private const string Installed = "libssl.so.3";
    private const ulong InitializeLoadConfig = 0x40;
    private const ulong InitializeNoExitHandler = 0x80000;

    private static readonly Lock Gate = new();

    // One handle for both: a look-up in libssl goes on in the very libcrypto it is bound to. A libcrypto loaded by name
    // could be another copy, with another error queue.
    private static nint _library;

    public static bool IsChosen => ChosenPath is not null;

    /// <summary>The file that is loaded, or would be.</summary>
    public static string Name => ChosenPath ?? Installed;

    /// <summary>Of the library, which is loaded by asking for it.</summary>
    /// <exception cref="DllNotFoundException">There is none, or it needs what is not there.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library.</exception>
    public static nint Handle => Resolve(Ssl);

    /// <summary>openssl.cnf could not be taken; nginx does not start then.</summary>
    public static bool IsBroken { get; private set; }

    // An initializer of the module is the only place that surely runs before the first call of any declaration.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, static (name, _, _) => Resolve(name));
        // .NET's own cryptography asks for libssl.so.3 by name: the first one there serves both, so a chosen one must be first.
        // When it cannot be loaded, the first call says so.
        if (ChosenPath is { } path && File.Exists(path))
        {
            _ = NativeLibrary.TryLoad(Beside(path), out _) && NativeLibrary.TryLoad(path, out _);
        }
    }

    private static string? ChosenPath => Environment.GetEnvironmentVariable(Chosen) is { Length: > 0 } path ? path : null;

    private static nint Resolve(string name)
    {
        if (name is not (Ssl or Crypto))
        {
            return 0;
        }
        lock (Gate)
        {
            if (_library == 0)
            {
                var library = Load();
                Initialize(library);
                _library = library;
            }
            return _library;
        }
    }

    private static nint Load()
    {
        if (ChosenPath is not { } path)
        {
            return NativeLibrary.Load(Installed);
        }
        // libcrypto first: libssl asks for it by name, and the loader takes the one already there over the system's.
        if (File.Exists(Beside(path)))
        {
            NativeLibrary.Load(Beside(path));
        }
        return NativeLibrary.Load(path);
    }

    private static string Beside(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "libcrypto.so.3");

    // As nginx: openssl.cnf is read, by preference its section "nginx". Unlike nginx: no clean-up at exit, which would
    // pull OpenSSL's tables away from loops and finalizers that still run. Both hold only before any other call, and the
    // declarations cannot be used inside their own resolver.
    private static void Initialize(nint library)
    {
        var create = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "OPENSSL_INIT_new");
        var name = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(library, "OPENSSL_INIT_set_config_appname");
        var free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "OPENSSL_INIT_free");
        var initialize = (delegate* unmanaged<ulong, nint, int>)NativeLibrary.GetExport(library, "OPENSSL_init_ssl");
        var clear = (delegate* unmanaged<void>)NativeLibrary.GetExport(library, "ERR_clear_error");
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
