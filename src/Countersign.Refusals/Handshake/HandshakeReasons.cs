namespace Countersign.Refusals;

/// <summary>
/// Why a connection came to no request. Each reason says itself whether the evidence fits; the list is the order in which they are asked: what libssl or
/// an alert says by name before what is concluded from how the connection ended. Of those that fit the best proved one is the reason.
/// </summary>
public static class HandshakeReasons
{
    private static readonly Func<HandshakeCase, Reason?>[] Tree =
    [
        BrokenProxyHeader.Of,
        NotTls.Of,
        UnrecognizedName.Of,
        NoServerCertificate.Of,
        EchMismatch.Of,
        ProtocolVersion.Of,
        NoApplicationProtocol.Of,
        NoSharedCipher.Of,
        Renegotiation.Of,
        BadSignature.Of,
        WrongSignatureType.Of,
        MessageTooLarge.Of,
        UnparsableCertificate.Of,
        UnsupportedAlgorithm.Of,
        ClientDistrustsServer.Of,
        ChokedOnCertificateRequest.Of,
        BrowserPaused.Of,
        HandshakeTimeout.Of,
        ConnectionReset.Of,
        BadRecord.Of,
        ClientGaveUp.Of,
    ];

    public static Reason Of(HandshakeCase handshake)
    {
        // OrderBy keeps the order of the tree among equals.
        var fitting = Tree.Select(find => find(handshake)).OfType<Reason>().OrderBy(reason => reason.Confidence).ToList();
        return fitting switch
        {
            [] => new HandshakeUnexplained(handshake),
            [HandshakeReason first, _, ..] => first with { Alternatives = [.. fitting.Skip(1).Select(reason => reason.Id)] },
            [var first, ..] => first,
        };
    }
}
