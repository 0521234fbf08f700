using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Native;

/// <summary>Between managed text and C strings. OpenSSL's texts are ASCII; bytes above are kept one to one.</summary>
internal static unsafe class NativeText
{
    // A NUL inside would silently name something shorter than what the configuration says.
    public static byte[] Bytes(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A value given to OpenSSL cannot contain a NUL byte.", nameof(text));
        }
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static string String(byte* text) =>
        text == null ? "" : Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    public static string Utf8(byte* text) =>
        text == null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    /// <summary>What <paramref name="print"/> writes to a memory BIO, or nothing when it fails.</summary>
    public static byte[] Printed(nint subject, delegate*<nint, nint, bool> print)
    {
        var bio = NativeBio.New(NativeBio.MemoryMethod());
        if (bio == 0)
        {
            throw new OutOfMemoryException("BIO_new() failed");
        }
        try
        {
            if (!print(bio, subject))
            {
                NativeError.Clear();
                return [];
            }
            byte* data = null;
            var length = NativeBio.Control(bio, NativeBio.CommandData, 0, &data);
            return new ReadOnlySpan<byte>(data, (int)length).ToArray();
        }
        finally
        {
            _ = NativeBio.Free(bio);
        }
    }
}
