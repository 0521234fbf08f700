using System.Text;

namespace Countersign.Proxy.Request;

/// <summary>A stretch of somebody else's array: what a header name, a value or a URI is while its request lives.
/// Valid until the request's <see cref="Arena"/> or head buffer is reset.</summary>
public readonly struct Bytes(byte[] array, int offset, int length)
{
    private readonly byte[]? _array = array;

    public Bytes(byte[] array) : this(array, 0, array.Length) { }

    public byte[] Array => _array ?? [];
    public int Offset { get; } = offset;
    public int Length { get; } = length;
    public bool IsEmpty => Length == 0;
    /// <summary>True for <c>default</c>: no value at all, as against an empty one.</summary>
    public bool IsNull => _array is null;
    public ReadOnlySpan<byte> Span => new(_array, Offset, Length);
    public ReadOnlyMemory<byte> Memory => new(_array, Offset, Length);

    public Bytes Slice(int start, int length) => new(Array, Offset + start, length);

    public bool EqualsIgnoreCase(ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(Span, other);

    public bool Equals(ReadOnlySpan<byte> other) => Span.SequenceEqual(other);

    public static implicit operator ReadOnlySpan<byte>(Bytes bytes) => bytes.Span;

    /// <summary>One char a byte; for logs, patterns and cold paths.</summary>
    public override string ToString() => Encoding.Latin1.GetString(Span);
}
