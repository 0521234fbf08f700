using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>What OpenSSL asks of a session store and of ticket keys; the same rules as <see cref="TlsCallbacks"/>.</summary>
internal static unsafe class TlsSessionCallbacks
{
    public static void* NewClientSession => (delegate* unmanaged[Cdecl]<nint, nint, int>)&OnNewClientSession;

    public static void* NewSession => (delegate* unmanaged[Cdecl]<nint, nint, int>)&OnNewSession;

    public static void* GetSession => (delegate* unmanaged[Cdecl]<nint, byte*, int, int*, nint>)&OnGetSession;

    public static void* RemoveSession => (delegate* unmanaged[Cdecl]<nint, nint, void>)&OnRemoveSession;

    public static void* NewTicket => (delegate* unmanaged[Cdecl]<nint, nint, int>)&OnNewTicket;

    public static void* OpenedTicket => (delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, int, nint, int>)&OnOpenedTicket;

    public static void* TicketKey => (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int>)&OnTicketKey;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNewClientSession(nint ssl, nint session)
    {
        try
        {
            TlsCallbacks.ConnectionOf(ssl)?.HandOver(session);
        }
        catch (Exception failure)
        {
            TlsCallbacks.ConnectionOf(ssl)?.NoteFailure(failure);
        }
        // 1 would take over OpenSSL's reference; the receiver has its own.
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNewSession(nint ssl, nint session)
    {
        try
        {
            if (TlsCallbacks.ConnectionOf(ssl) is { Server: { Sessions: { Handle: not 0 } context } server })
            {
                var isTls13 = NativeConnection.Version(ssl) == NativeConnection.VersionTls13;
                // OpenSSL shows the session of a stateless ticket too; the client has all of it.
                var isStateless = isTls13 && (NativeConnection.Options(ssl) & NativeContext.OptionNoTicket) == 0;
                if (!isStateless && context.StoreFor(isTls13) is { } store && server.Seal(session))
                {
                    store.Add(session, isTls13 ? NativeSession.Timeout(session) : NativeContext.Timeout(context.Handle), TlsSessionWeight.IsLight(ssl), server.Resumed);
                }
            }
        }
        catch (Exception failure)
        {
            TlsCallbacks.ConnectionOf(ssl)?.NoteFailure(failure);
        }
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnGetSession(nint ssl, byte* id, int length, int* keep)
    {
        *keep = 0;
        try
        {
            if (TlsCallbacks.ConnectionOf(ssl) is not { Server: { Sessions: { } context } server })
            {
                return 0;
            }
            var asked = new ReadOnlySpan<byte>(id, length);
            var session = server.Ticket.Take(asked);
            if (session != 0)
            {
                return session;
            }
            var key = TlsSessionKey.From(asked);
            session = context.StoreFor(NativeConnection.Version(ssl) == NativeConnection.VersionTls13)?.Find(key) ?? 0;
            if (session != 0 && !server.MayResume(session))
            {
                NativeSession.Free(session);
                return 0;
            }
            server.Resumed = key;
            return session;
        }
        catch (Exception failure)
        {
            TlsCallbacks.ConnectionOf(ssl)?.NoteFailure(failure);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRemoveSession(nint context, nint session)
    {
        try
        {
            if (TlsCallbacks.Object(NativeContext.Data(context, TlsCallbacks.ContextIndex)) is TlsServerContext server)
            {
                server.Forget(session);
            }
        }
        catch (Exception failure)
        {
            // No connection is known here; the entry stays until its timeout.
            _ = failure;
        }
    }

    // A ticket is about to be written, whether it will hold the session or only its name.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNewTicket(nint ssl, nint argument)
    {
        var connection = TlsCallbacks.ConnectionOf(ssl);
        try
        {
            return connection?.Server?.Seal(NativeConnection.Session(ssl)) == true ? 1 : 0;
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
            return 0;
        }
    }

    // A ticket of the client's was opened, or was none of ours.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpenedTicket(nint ssl, nint session, byte* name, nuint length, int status, nint argument)
    {
        const int Empty = 3, NotOpened = 4, Opened = 5, OpenedByOldKey = 6;
        const int Abort = 0, RenewInstead = 2, Use = 3, UseAndRenew = 4;
        var connection = TlsCallbacks.ConnectionOf(ssl);
        try
        {
            return status switch
            {
                Empty or NotOpened => RenewInstead,
                Opened or OpenedByOldKey when connection?.Server?.MayResume(session) != true => RenewInstead,
                Opened => Use,
                OpenedByOldKey => UseAndRenew,
                _ => Abort,
            };
        }
        catch (Exception failure)
        {
            connection?.NoteFailure(failure);
            return Abort;
        }
    }

    // ngx_ssl_ticket_key_callback: -1 failure, 0 unknown key, 1 ok, 2 ok and send a new ticket.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTicketKey(nint ssl, byte* name, byte* vector, nint cipher, nint mac, int encrypt)
    {
        try
        {
            if (TlsCallbacks.ConnectionOf(ssl) is not { Server: { Sessions: { Handle: not 0, TicketKeys: { } store } context } server })
            {
                return -1;
            }
            var keys = store.At(NativeContext.Timeout(context.Handle));
            return encrypt == 1 ? Encrypt(keys[0], name, vector, cipher, mac, ref server.Ticket) : Decrypt(keys, ssl, name, vector, cipher, mac);
        }
        catch (Exception failure)
        {
            TlsCallbacks.ConnectionOf(ssl)?.NoteFailure(failure);
            return -1;
        }
    }

    private static int Encrypt(TlsTicketKey key, byte* name, byte* vector, nint cipher, nint mac, ref TlsKnownTicket ticket)
    {
        System.Security.Cryptography.RandomNumberGenerator.Fill(new Span<byte>(vector, NativeTicket.VectorLength));
        ticket.Write(vector);
        key.Name.CopyTo(new Span<byte>(name, TlsTicketKey.NameLength));
        return NativeTicket.Prepare(key, vector, cipher, mac, encrypt: true) ? 1 : -1;
    }

    private static int Decrypt(TlsTicketKey[] keys, nint ssl, byte* name, byte* vector, nint cipher, nint mac)
    {
        var asked = new ReadOnlySpan<byte>(name, TlsTicketKey.NameLength);
        for (var i = 0; i < keys.Length; i++)
        {
            if (asked.SequenceEqual(keys[i].Name))
            {
                if (!NativeTicket.Prepare(keys[i], vector, cipher, mac, encrypt: false))
                {
                    return -1;
                }
                return i != 0 || NativeConnection.Version(ssl) == NativeConnection.VersionTls13 ? 2 : 1;
            }
        }
        return 0;
    }
}
