namespace Countersign.Proxy.Handshake;

/// <summary>Moments of a handshake, in milliseconds since the accept; -1 for one that did not come. Of one turn of the loop all have the same.</summary>
public struct HandshakeTimes
{
    public static HandshakeTimes None => new() { FirstByte = -1, Hello = -1, Flight = -1, Answer = -1 };

    public int FirstByte;

    /// <summary>The ClientHello was whole.</summary>
    public int Hello;

    /// <summary>The gate's flight was out: ServerHello, certificate, CertificateRequest.</summary>
    public int Flight;

    /// <summary>Something came after it: the client's certificate, an alert, the end.</summary>
    public int Answer;
}
