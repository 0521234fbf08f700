namespace Countersign.Native;

/// <summary>How far a server's handshake has come.</summary>
public enum TlsHandshakeStage
{
    /// <summary>The ClientHello has not come whole, or is being answered.</summary>
    Hello,

    /// <summary>The server's flight is out, or in TLS 1.3 the wish for another ClientHello; nothing more has come of the client.</summary>
    Answered,

    /// <summary>Something of the client's second flight has come.</summary>
    ClientFlight,

    Done,
}
