namespace Countersign.Refusals;

/// <summary>What came in the place of a TLS record or message is none: it was changed or mixed up on the way, or the client is at fault.</summary>
public sealed record BadRecord(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/bad-record";

    public static BadRecord? Of(HandshakeCase handshake) =>
        handshake.AlertReceived is 20 or 21 or 22 or 51 || (handshake.AlertReceived is 10 or 47 or 50 && !handshake.IsAskedAndSilent)
            || (handshake.End == HandshakeEnd.Failed && (HandshakeErrors.IsAboutRecords(handshake.ErrorReason) || (handshake.ErrorReason == HandshakeErrors.ExcessiveMessageSize && !handshake.IsOverCertificate)))
            ? new BadRecord(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Network;

    public override Confidence Confidence => Confidence.Likely;

    public override string Message => Case.AlertReceived is { } alert
        ? $"the client could not read what server {Phrase.Server(Case.Server)} sent, and said {AlertName.Of(alert)} (alert {alert}): something in between changed it, or the client is at fault"
        : $"what came from the client of server {Phrase.Server(Case.Server)} {When} is not what TLS has there ({Case.Error}): something in between changed it, or the client is at fault"
            + (Case.FirstBytes.IsEmpty || Case.Hello is not null ? "" : $"; the connection began with {FirstBytesText.Of(Case.FirstBytes.Span[..Math.Min(8, Case.FirstBytes.Length)])}");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Network, "Try from a machine next to the gate: if that gets through, look at what inspects TLS on the way", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} </dev/null"),
        new(Blame.Client, "See whether two programs, or a retry after a failure, write to the same connection"),
    ];

    private string When => Case.Stage switch
    {
        HandshakeStage.Silent or HandshakeStage.Hello => "in the place of its ClientHello",
        HandshakeStage.Answered => "after the gate's answer",
        HandshakeStage.ClientFlight => "with its certificate and signature",
        HandshakeStage.Done => "after the handshake",
    };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("error_reason", Case.ErrorReason)
        .Add("first_bytes_hex", Convert.ToHexStringLower(Case.FirstBytes.Span));
}
