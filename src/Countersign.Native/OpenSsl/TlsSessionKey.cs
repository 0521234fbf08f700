using System.Buffers.Binary;

namespace Countersign.Native;

/// <summary>What a kept session is found by: its id, or the vector of the ticket that its client holds.</summary>
internal readonly record struct TlsSessionKey
{
    // SSL_MAX_SSL_SESSION_ID_LENGTH.
    private const int LongestId = 32;

    // No id has that length.
    private const int TicketLength = -1;

    private readonly UInt128 _first;
    private readonly UInt128 _second;
    private readonly int _length;

    private TlsSessionKey(UInt128 first, UInt128 second, int length) => (_first, _second, _length) = (first, second, length);

    public bool IsNone => _length == 0;

    public static TlsSessionKey FromTicket(UInt128 vector) => new(vector, default, TicketLength);

    /// <summary>None for no id, and for one longer than TLS allows.</summary>
    public static TlsSessionKey From(ReadOnlySpan<byte> id)
    {
        if (id.Length is 0 or > LongestId)
        {
            return default;
        }
        Span<byte> whole = stackalloc byte[LongestId];
        whole.Clear();
        id.CopyTo(whole);
        return new TlsSessionKey(BinaryPrimitives.ReadUInt128LittleEndian(whole), BinaryPrimitives.ReadUInt128LittleEndian(whole[16..]), id.Length);
    }
}
