namespace Countersign.Native;

/// <summary>What the owner of a server connection is asked inside <see cref="TlsConnection.Handshake"/>, on the same thread.</summary>
public interface ITlsServerEvents
{
    /// <summary>
    /// Asked once, from the ClientHello, before the version, the session and the certificate are chosen, as nginx 1.29 and
    /// later do. <paramref name="serverName"/> is null without SNI and has the client's bytes one to one as characters.
    /// An exception ends the handshake with internal_error and comes back from <see cref="TlsConnection.CallbackFailure"/>.
    /// </summary>
    ServerNameResult OnServerName(TlsConnection connection, string? serverName);

    /// <summary>
    /// Asked when a server whose certificates have variables is to present one (SSL_CTX_set_cert_cb): not when a session is resumed.
    /// The owner calls <see cref="TlsConnection.UseKeyPair"/>; false ends the handshake with internal_error.
    /// </summary>
    bool OnCertificate(TlsConnection connection) => false;

    /// <summary>Whether <see cref="OnVerification"/> is to be told: the texts cost something.</summary>
    bool TracesVerification => false;

    /// <summary>One step of X509_verify_cert, as nginx's debug log shows it.</summary>
    /// <param name="isGood">False for a problem; the verification goes on all the same.</param>
    void OnVerification(bool isGood, TlsVerification step, string subject, string issuer) { }
}

/// <summary>The answer to a server name: keep the context, use another, refuse, or ask again later.</summary>
public readonly struct ServerNameResult
{
    private ServerNameResult(TlsServerContext? context, TlsAlert alert, bool suspend)
    {
        Context = context;
        Alert = alert;
        IsSuspended = suspend;
    }

    public static ServerNameResult Keep => default;

    /// <summary>The handshake stops with <see cref="TlsStatus.Suspended"/> and the question comes again with the next call.</summary>
    public static ServerNameResult Suspend => new(null, default, true);

    public TlsServerContext? Context { get; }

    public TlsAlert Alert { get; }

    public bool IsRefused => Alert != default;

    public bool IsSuspended { get; }

    public static ServerNameResult Use(TlsServerContext context) => new(context, default, false);

    /// <summary>ssl_reject_handshake answers with <see cref="TlsAlert.UnrecognizedName"/>.</summary>
    public static ServerNameResult Refuse(TlsAlert alert) => new(null, alert, false);
}
