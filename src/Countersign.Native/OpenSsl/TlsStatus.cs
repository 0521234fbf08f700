namespace Countersign.Native;

/// <summary>How one step of a TLS connection ended.</summary>
public enum TlsStatus
{
    Done,

    /// <summary>Call again when the socket is readable.</summary>
    WantRead,

    /// <summary>Call again, a write with the same bytes, when the socket is writable.</summary>
    WantWrite,

    /// <summary>The peer sent close_notify.</summary>
    Closed,

    /// <summary>The stream ended without close_notify.</summary>
    Ended,

    /// <summary>The socket failed; <see cref="TlsConnection.SystemError"/> has errno.</summary>
    SystemError,

    /// <summary>OpenSSL refused; <see cref="TlsConnection.Error"/> has its error stack.</summary>
    Failed,

    /// <summary>A callback asked for time; call again when its answer is there.</summary>
    Suspended,
}

/// <summary>Words of ssl_protocols, with the numbers of nginx's bit mask.</summary>
[Flags]
public enum TlsProtocols
{
    None = 0,
    Ssl2 = 1,
    Ssl3 = 2,
    Tls10 = 4,
    Tls11 = 8,
    Tls12 = 16,
    Tls13 = 32,
}

/// <summary>ssl_verify_client.</summary>
public enum TlsVerifyMode
{
    Off,
    On,
    Optional,
    OptionalNoCa,
}

/// <summary>Alerts a callback may refuse a handshake with (RFC 8446 section 6).</summary>
public enum TlsAlert
{
    HandshakeFailure = 40,
    AccessDenied = 49,
    DecodeError = 50,
    InternalError = 80,
    NoRenegotiation = 100,
    UnrecognizedName = 112,
}
