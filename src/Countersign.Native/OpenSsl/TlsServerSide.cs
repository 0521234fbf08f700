namespace Countersign.Native;

/// <summary>What a server's connection decides inside its handshake, when OpenSSL calls back: name, certificate, verification, session.</summary>
/// <param name="sessions">Sessions and tickets stay with the context that accepted, whatever the server name switched to.</param>
internal sealed class TlsServerSide(TlsConnection connection, nint ssl, TlsServerContext sessions, ITlsServerEvents? events)
{
    private TlsKnownTicket _ticket;
    private TlsMessageCopy _hello;
    private bool _sessionTimeSet;
    private bool _bufferSet;
    private bool _hasOwnIssuers;
    private bool _hearsMessages = true;

    // Until when, in seconds since 1970, the client would be verified with the same result.
    private long _horizon = long.MaxValue;

    /// <summary>The accepted one, or the one that a server name switched to.</summary>
    public TlsServerContext Context { get; set; } = sessions;

    public TlsServerContext Sessions { get; } = sessions;

    public ITlsServerEvents? Events => events;

    public ref TlsKnownTicket Ticket => ref _ticket;

    /// <summary>The kept session that the client has asked for last, or none.</summary>
    public TlsSessionKey Resumed { get; set; }

    public bool IsRejected { get; private set; }

    public bool IsServerNameAccepted { get; private set; }

    public IReadOnlyList<TlsVerification> Verifications { get; private set; } = [];

    public ReadOnlySpan<byte> Hello => _hello.Bytes;

    public bool IsHelloRepeated { get; private set; }

    /// <summary>0 for none.</summary>
    public byte AlertSent { get; private set; }

    /// <summary>0 for none.</summary>
    public byte AlertReceived { get; private set; }

    public bool IsNewlyVerified { get; private set; }

    public void RememberTicket() => _ticket.Remember(ssl, Sessions);

    public void Release()
    {
        _ticket.Release();
        _hello.Release();
    }

    public void ForgetHello()
    {
        if (!_hello.IsEmpty)
        {
            _hello.Release();
        }
    }

    public void NoteMessage(bool isWritten, int version, ReadOnlySpan<byte> message)
    {
        switch (message[0])
        {
            case TlsMessages.ClientHello when !isWritten && _hello.IsEmpty && !connection.IsHandshakeDone:
                _hello.Take(message);
                break;
            case TlsMessages.ServerHello when isWritten && Context.Offer.CertificateRequest(version) is not null:
                HearNoMore();
                break;
            case TlsMessages.CertificateRequest when isWritten:
                Context.Offer.KeepCertificateRequest(version, message);
                HearNoMore();
                break;
        }
    }

    public void NoteAlert(bool isWritten, int alert)
    {
        if (alert != 0)
        {
            (AlertSent, AlertReceived) = isWritten ? ((byte)alert, AlertReceived) : (AlertSent, (byte)alert);
        }
    }

    /// <summary>The ClientHello has been seen, and the context that answers it is chosen.</summary>
    public void NoteChoice()
    {
        if (Context.Offer.KnowsCertificateRequests)
        {
            HearNoMore();
        }
    }

    public void HearNoMore()
    {
        if (_hearsMessages)
        {
            _hearsMessages = false;
            TlsMessages.Stop(ssl);
        }
    }

    public ServerNameResult AskServerName(string? name)
    {
        // A second ClientHello, after HelloRetryRequest, was already decided.
        if (IsServerNameAccepted || events == null)
        {
            IsHelloRepeated = IsServerNameAccepted;
            IsServerNameAccepted = true;
            return ServerNameResult.Keep;
        }
        var answer = events.OnServerName(connection, name);
        if (answer.IsRefused)
        {
            IsRejected = answer.Alert == TlsAlert.UnrecognizedName;
        }
        else if (!answer.IsSuspended)
        {
            if (answer.Context != null)
            {
                connection.UseContext(answer.Context);
            }
            IsServerNameAccepted = true;
        }
        return answer;
    }

    /// <summary>Whether the owner has set a certificate.</summary>
    public bool AskCertificate() => !connection.IsHandshakeDone && events?.OnCertificate(connection) == true;

    public void ChooseSessions()
    {
        if (Sessions.Handle != 0)
        {
            TlsSessionChoice.Make(ssl, Sessions, connection, ref _ticket);
        }
    }

    /// <summary>Binds a session to what this connection was verified under.</summary>
    public bool Seal(nint session)
    {
        ShareIssuers();
        return session != 0 && TlsSessionSeal.Set(session, Context.Trust, _horizon);
    }

    /// <summary>Before the session is given to anyone, and at the latest when the handshake is done.</summary>
    public void ShareIssuers()
    {
        if (_hasOwnIssuers)
        {
            _hasOwnIssuers = false;
            TlsSharedIssuers.Share(NativeConnection.PeerChain(ssl));
        }
    }

    /// <summary>Whether a client may go on under this session: only where it would be verified in the same way, and not for longer.</summary>
    public bool MayResume(nint session) => Context.Options.ResumesAcrossTrust
        || TlsSessionSeal.Holds(session, Context.Trust, Context.Time.GetUtcNow().ToUnixTimeSeconds());

    /// <returns>As X509_verify_cert: 1 to go on, whatever the verdict.</returns>
    public int VerifyChain(nint verification)
    {
        if (Context.Handle == 0)
        {
            return NativeX509.Verify(verification);
        }
        var verdict = TlsChainCheck.Run(Context, verification, events?.TracesVerification == true, out var result, out var isNew);
        Verifications = verdict.Problems;
        IsNewlyVerified = isNew;
        _horizon = verdict.Until;
        _hasOwnIssuers = verdict.Error == TlsVerification.Ok;
        return result;
    }

    public void NoteVerification(bool isGood, nint verification)
    {
        if (events is { TracesVerification: true })
        {
            TlsVerificationTrail.Tell(events, isGood, verification);
        }
    }

    /// <summary>nginx's info callback, at each step of the server's handshake.</summary>
    public void NoteProgress()
    {
        if (!_sessionTimeSet && Sessions.Handle != 0 && NativeConnection.Version(ssl) == NativeConnection.VersionTls13)
        {
            _sessionTimeSet = TlsSession.LimitLifetime(NativeConnection.Session(ssl), Sessions);
        }
        if (!_bufferSet)
        {
            _bufferSet = TlsContextSetup.EnlargeHandshakeBuffer(ssl);
        }
    }
}
