namespace Countersign.Refusals;

/// <summary>Why a connection came to no request.</summary>
public static class HandshakeReasons
{
    public static Reason Of(HandshakeCase handshake) => new HandshakeUnexplained(handshake);
}
