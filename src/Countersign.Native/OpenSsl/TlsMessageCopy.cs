using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>A handshake message of the peer, kept outside the managed heap: most are thrown away within the millisecond, by the thousand each second.</summary>
internal unsafe struct TlsMessageCopy
{
    /// <summary>libssl takes a ClientHello of 128 KB; nobody sends more than a few.</summary>
    private const int Most = 16 * 1024;

    private byte* _bytes;
    private int _length;

    public readonly bool IsEmpty => _length == 0;

    public readonly ReadOnlySpan<byte> Bytes => new(_bytes, _length);

    public void Take(ReadOnlySpan<byte> message)
    {
        Release();
        var length = Math.Min(message.Length, Most);
        _bytes = (byte*)NativeMemory.Alloc((nuint)length);
        _length = length;
        message[..length].CopyTo(new Span<byte>(_bytes, length));
    }

    public void Release()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
        _length = 0;
    }
}
