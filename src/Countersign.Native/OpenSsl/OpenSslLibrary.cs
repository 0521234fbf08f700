namespace Countersign.Native;

/// <summary>The libcrypto that is loaded, as it names itself.</summary>
public static unsafe class OpenSslLibrary
{
    /// <summary>For example <c>OpenSSL 3.0.17 1 Jul 2025</c>.</summary>
    public static string Version => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)NativeCrypto.VersionText(0)) ?? "";
}
