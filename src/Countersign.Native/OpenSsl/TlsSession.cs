namespace Countersign.Native;

/// <summary>An SSL_SESSION with its own reference.</summary>
public sealed unsafe class TlsSession : IDisposable
{
    internal TlsSession(nint owned)
    {
        Handle = owned;
        NativeObjects.Add(NativeObject.Session);
    }

    ~TlsSession() => Release();

    internal nint Handle { get; private set; }

    /// <summary>Where it was made, and its memory with it.</summary>
    internal int Thread { get; } = Environment.CurrentManagedThreadId;

    /// <returns>The handle with one reference more, which is the caller's.</returns>
    internal nint Refer()
    {
        _ = NativeSession.Keep(Handle);
        return Handle;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// OpenSSL's TLS 1.3 renews a session's start at every resumption, which would let a client live on past the expiry or
    /// revocation of its certificate. As nginx: the timeout shrinks by what has passed, and a spent session loses its id context.
    /// </summary>
    internal static bool LimitLifetime(nint session, TlsServerContext context)
    {
        if (session == 0)
        {
            return false;
        }
        var now = (nint)context.Time.GetUtcNow().ToUnixTimeSeconds();
        var passed = now - NativeSession.Time(session);
        var timeout = Math.Min(NativeSession.Timeout(session), NativeContext.Timeout(context.Handle));
        if (passed >= timeout)
        {
            byte none = 0;
            _ = NativeSession.SetIdContext(session, &none, 0);
        }
        else
        {
            _ = NativeSession.SetTime(session, now);
            _ = NativeSession.SetTimeout(session, timeout - passed);
        }
        return true;
    }

    private void Release()
    {
        if (Handle == 0)
        {
            return;
        }
        NativeSession.Free(Handle);
        Handle = 0;
        NativeObjects.Remove(NativeObject.Session);
    }
}
