using System.Buffers.Binary;

namespace Countersign.Native;

/// <summary>
/// The sessions that TLS 1.2 clients hold in tickets, remembered, one connection's part of it. A ticket names its session by its
/// initialisation vector; who shows one that is known goes on without having it opened, which on OpenSSL 3.0 parses the client's
/// certificate anew and costs more than the rest of the resumption. To name a session is not to have it: the handshake still
/// needs its master secret. What is not known is opened, as nginx does.
/// </summary>
internal unsafe struct TlsKnownTicket
{
    // RFC 5077 section 4: the key's name, the vector, the state, the MAC.
    private const int VectorAt = 16;
    private const int ShortestTicket = VectorAt + NativeTicket.VectorLength + 32;
    private const uint SessionTicket = 35;

    private UInt128 _written;
    private nint _shown;

    /// <summary>A ticket for this connection's session is being written.</summary>
    public void Write(byte* vector) => _written = Read(vector);

    /// <summary>At the end of a handshake: keeps the session of the ticket that was written.</summary>
    public void Remember(nint ssl, TlsServerContext context)
    {
        if (_written != 0 && context is { KeepsTickets: true, Options.TicketSessions: { } store } && NativeConnection.Version(ssl) < NativeConnection.VersionTls13)
        {
            var session = NativeConnection.Session(ssl);
            store.AddTicket(_written, session, NativeSession.Timeout(session), TlsSessionWeight.IsLight(ssl));
        }
        _written = 0;
    }

    /// <summary>
    /// At the ClientHello: looks at the ticket the client shows. Of a known one only the session id counts, as with a session kept
    /// by id; without an id (RFC 5077 section 3.4 leaves it to the client) the ticket has to be opened.
    /// </summary>
    public void Look(nint ssl, TlsServerContext context, TlsConnection connection)
    {
        byte* data, id;
        nuint length;
        if (!context.KeepsTickets
            || NativeConnection.ClientHelloExtension(ssl, SessionTicket, &data, &length) == 0
            || length < ShortestTicket
            || NativeConnection.ClientHelloSessionId(ssl, &id) == 0)
        {
            return;
        }
        var session = context.Options.TicketSessions!.FindTicket(Read(data + VectorAt));
        if (session != 0 && connection.Server?.MayResume(session) != true)
        {
            NativeSession.Free(session);
            return;
        }
        Release();
        _shown = session;
        if (session != 0)
        {
            _ = NativeConnection.SetOptions(ssl, NativeContext.OptionNoTicket);
        }
    }

    /// <summary>The session to go on with, under the id that the client has made up for it; 0 if none was known.</summary>
    public nint Take(ReadOnlySpan<byte> id)
    {
        var session = _shown;
        _shown = 0;
        fixed (byte* start = id)
        {
            if (session != 0 && NativeSession.SetId(session, start, (uint)id.Length) != 1)
            {
                NativeSession.Free(session);
                return 0;
            }
        }
        return session;
    }

    public void Release()
    {
        if (_shown != 0)
        {
            NativeSession.Free(_shown);
            _shown = 0;
        }
    }

    private static UInt128 Read(byte* vector) => BinaryPrimitives.ReadUInt128LittleEndian(new ReadOnlySpan<byte>(vector, NativeTicket.VectorLength));
}
