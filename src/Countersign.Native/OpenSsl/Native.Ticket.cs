using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>The cipher and MAC contexts a ticket callback fills.</summary>
internal static unsafe partial class NativeTicket
{
    public const int VectorLength = 16;

    private const uint OctetString = 5;
    private const uint Utf8String = 4;

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_aes_128_cbc")]
    private static partial nint Aes128();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_aes_256_cbc")]
    private static partial nint Aes256();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_CipherInit_ex")]
    private static partial int InitializeCipher(nint context, nint cipher, nint engine, byte* key, byte* vector, int encrypt);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_MAC_CTX_set_params")]
    private static partial int SetMac(nint context, Parameter* parameters);

    public static bool Prepare(TlsTicketKey key, byte* vector, nint cipher, nint mac, bool encrypt)
    {
        fixed (byte* cipherKey = key.Cipher, macKey = key.Mac, digestName = "digest\0"u8, keyName = "key\0"u8, sha256 = "SHA256\0"u8)
        {
            var parameters = stackalloc Parameter[3];
            parameters[0] = new Parameter { Key = keyName, Kind = OctetString, Data = macKey, Size = (nuint)key.Mac.Length, Returned = nuint.MaxValue };
            parameters[1] = new Parameter { Key = digestName, Kind = Utf8String, Data = sha256, Size = 6, Returned = nuint.MaxValue };
            parameters[2] = default;
            return InitializeCipher(cipher, key.Cipher.Length == 16 ? Aes128() : Aes256(), 0, cipherKey, vector, encrypt ? 1 : 0) == 1
                && SetMac(mac, parameters) == 1;
        }
    }

    /// <summary>OSSL_PARAM.</summary>
    private struct Parameter
    {
        public byte* Key;
        public uint Kind;
        public byte* Data;
        public nuint Size;
        public nuint Returned;
    }
}
