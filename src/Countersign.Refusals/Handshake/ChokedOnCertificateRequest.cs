namespace Countersign.Refusals;

/// <summary>The client was sent a list of authorities that it cannot take in, and ended the handshake over it.</summary>
public sealed record ChokedOnCertificateRequest(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/choked-on-certificate-request";

    public static ChokedOnCertificateRequest? Of(HandshakeCase handshake) =>
        handshake.IsAskedAndSilent && (IsComplaint(handshake) || (IsLarge(handshake) && handshake.End is HandshakeEnd.Closed or HandshakeEnd.Reset or HandshakeEnd.TimedOut))
            ? new ChokedOnCertificateRequest(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => IsLarge(Case) ? Blame.Operator : Blame.Client;

    public override Confidence Confidence => IsLarge(Case) && IsComplaint(Case) ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"{How} right after server {Phrase.Server(Case.Server)} had asked it for a certificate with a list of {AdvertisedList.Size(Case.Server)}, {Bytes} bytes"
        + (Bytes > AdvertisedListTooLarge.LengthField ? $" where the list has room for {AdvertisedListTooLarge.LengthField}"
            : Bytes > AdvertisedListTooLarge.OneRecord ? $" where one TLS record has {AdvertisedListTooLarge.OneRecord}" : "")
        + (IsLarge(Case) ? ": some clients do not put a message together that comes in pieces" : ": it does not understand that request");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Name only authorities that clients are issued by, and trust the others without naming them", $"{ChainText.BundleDirective(Case.Server.Trust)} ssl_trusted_certificate others.pem;"),
        new(Blame.Client, "See whether openssl of the same machine gets through", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key </dev/null"),
    ];

    private int Bytes => Case.Server.AdvertisedBytes;

    private string How => Case.End switch
    {
        HandshakeEnd.Alert => $"the client said {AlertName.Of(Case.AlertReceived ?? 0)} (alert {Case.AlertReceived})",
        HandshakeEnd.Reset => "the client reset the connection",
        HandshakeEnd.TimedOut => $"the client said nothing for {Phrase.Time(Case.Elapsed)}",
        HandshakeEnd.Closed or HandshakeEnd.Failed or HandshakeEnd.Rejected or HandshakeEnd.NotTls or HandshakeEnd.ProxyHeader => "the client closed the connection",
    };

    // unexpected_message, record_overflow, illegal_parameter, decode_error.
    private static bool IsComplaint(HandshakeCase handshake) => handshake.AlertReceived is 10 or 22 or 47 or 50;

    private static bool IsLarge(HandshakeCase handshake) => handshake.Server.AdvertisedBytes > AdvertisedListTooLarge.OneRecord;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("advertised_count", Case.Server.AdvertisedNames.Count)
        .Add("advertised_bytes", Bytes)
        .Add("record_bytes", AdvertisedListTooLarge.OneRecord)
        .Add("bundle", Case.Server.Trust.Bundle);
}
