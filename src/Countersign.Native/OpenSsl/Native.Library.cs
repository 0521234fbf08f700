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
    private static nint _ssl;
    private static nint _crypto;

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
            return;
        }
        // libcrypto first: libssl asks for it by name, and the loader takes the one already there over the system's.
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(chosen))!, "libcrypto.so.3");
        _crypto = NativeLibrary.Load(File.Exists(beside) ? beside : "libcrypto.so.3");
        _ssl = NativeLibrary.Load(chosen);
    }
}
