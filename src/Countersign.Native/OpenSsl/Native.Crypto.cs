using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>Keys, digests, stacks and memory of libcrypto.</summary>
internal static unsafe partial class NativeCrypto
{
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "PEM_read_bio_PrivateKey")]
    public static partial nint ReadKeyPem(nint bio, nint* existing, void* password, void* argument);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "PEM_read_bio_Parameters")]
    public static partial nint ReadParametersPem(nint bio, nint* existing);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_up_ref")]
    public static partial int KeepKey(nint key);

    private static readonly nint FetchedSha1 = Fetched("SHA1\0"u8, DefaultSha1());
    private static readonly nint FetchedSha256 = Fetched("SHA2-256\0"u8, DefaultSha256());

    public static nint Sha1() => FetchedSha1;

    public static nint Sha256() => FetchedSha256;

    // EVP_sha256() is looked up anew at each use, under locks that all threads take. A FIPS library may not have it to be fetched.
    private static nint Fetched(ReadOnlySpan<byte> name, nint otherwise)
    {
        fixed (byte* start = name)
        {
            var fetched = FetchDigest(0, start, null);
            NativeError.Clear();
            return fetched == 0 ? otherwise : fetched;
        }
    }

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_sha1")]
    private static partial nint DefaultSha1();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_sha256")]
    private static partial nint DefaultSha256();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_MD_fetch")]
    private static partial nint FetchDigest(nint library, byte* name, byte* properties);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_Digest")]
    public static partial int Digest(byte* bytes, nuint count, byte* digest, uint* length, nint kind, nint engine);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_new_null")]
    public static partial nint NewStack();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_push")]
    public static partial int Push(nint stack, nint item);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_num")]
    public static partial int Count(nint stack);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_value")]
    public static partial nint Item(nint stack, int index);

    /// <summary>Replaces one; what stood there is not freed.</summary>
    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_set")]
    public static partial nint SetItem(nint stack, int index, nint item);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_shift")]
    public static partial nint Shift(nint stack);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OPENSSL_sk_free")]
    public static partial void FreeStack(nint stack);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "CRYPTO_free")]
    public static partial void FreeMemory(void* memory, byte* file, int line);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OBJ_nid2sn")]
    public static partial byte* ShortName(int nid);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OpenSSL_version_num")]
    public static partial nuint VersionNumber();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OpenSSL_version")]
    public static partial byte* VersionText(int kind);
}
