using System.Buffers.Binary;

namespace Countersign.Native;

/// <summary>
/// What binds a session to the trust it was granted under, kept in the session's ticket application data, so that it goes wherever
/// the session goes: into a store or, encrypted, to the client. A session whose seal does not fit is not resumed; the client does a
/// full handshake and is verified afresh.
/// </summary>
internal static unsafe class TlsSessionSeal
{
    // Version, mode, identity of the trust, horizon in seconds since 1970.
    private const byte Version = 1;
    private const int IdentityAt = 2;
    private const int HorizonAt = 34;
    private const int Length = 42;

    /// <summary>Seals a new session; one that came of another keeps that one's seal.</summary>
    public static bool Set(nint session, TlsTrust trust, long horizon)
    {
        byte* known;
        nuint length;
        if (NativeSession.TicketData(session, &known, &length) == 1 && length != 0)
        {
            return true;
        }
        var seal = stackalloc byte[Length];
        var bytes = new Span<byte>(seal, Length);
        bytes[0] = Version;
        bytes[1] = (byte)trust.Mode;
        trust.Identity.CopyTo(bytes[IdentityAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[HorizonAt..], horizon);
        return NativeSession.SetTicketData(session, seal, Length) == 1;
    }

    /// <param name="trust">Of the server now addressed.</param>
    public static bool Holds(nint session, TlsTrust trust, long now)
    {
        byte* data;
        nuint length;
        if (NativeSession.TicketData(session, &data, &length) != 1 || length != Length)
        {
            return false;
        }
        var seal = new ReadOnlySpan<byte>(data, Length);
        return seal[0] == Version
            && seal[1] == (byte)trust.Mode
            && seal[IdentityAt..HorizonAt].SequenceEqual(trust.Identity)
            && BinaryPrimitives.ReadInt64LittleEndian(seal[HorizonAt..]) > now;
    }
}
