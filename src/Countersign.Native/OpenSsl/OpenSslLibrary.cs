using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>The libcrypto that is loaded, as it names itself.</summary>
public static unsafe class OpenSslLibrary
{
    /// <summary>For example <c>OpenSSL 3.0.17 1 Jul 2025</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeCrypto.VersionText(0)) ?? "";

    /// <summary>Why there is no OpenSSL to work with, and what to do about it; null when there is. To be asked before anything else here.</summary>
    public static string? Problem
    {
        get
        {
            var wrong = Fault();
            return wrong is null ? null : $"{NativeLibraries.Name} {wrong}\n  {Advice}";
        }
    }

    private static string? Fault()
    {
        try
        {
            return NativeLibrary.TryGetExport(NativeLibraries.Handle, "SSL_CTX_new_ex", out _) ? null : "is no OpenSSL 3, which Countersign needs.";
        }
        catch (DllNotFoundException failure)
        {
            // The last line is the loader's own.
            return $"cannot be loaded: {failure.Message.TrimEnd().Split('\n')[^1]}";
        }
        catch (EntryPointNotFoundException)
        {
            return "is no libssl.";
        }
    }

    private static string Advice => NativeLibraries.IsChosen
        ? $"It is named by {NativeLibraries.Chosen}. Type: unset {NativeLibraries.Chosen}"
        : "On Debian and Ubuntu type: sudo apt-get install -y libssl3; on Fedora and RHEL: sudo dnf install -y openssl-libs; on Alpine: apk add libssl3";
}
