using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>A SHA-256 as a key of tables.</summary>
[InlineArray(4)]
internal struct Sha256Digest : IEquatable<Sha256Digest>
{
    private ulong _first;

    [UnscopedRef]
    public Span<byte> Bytes => MemoryMarshal.AsBytes((Span<ulong>)this);

    public readonly bool Equals(Sha256Digest other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is Sha256Digest other && Equals(other);

    // Of a digest any part is as good as another.
    public override readonly int GetHashCode() => (int)this[0];
}
