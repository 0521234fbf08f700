namespace Countersign.Refusals;

/// <summary>The client took longer than client_header_timeout allows.</summary>
public sealed record HandshakeTimeout(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/timeout";

    public static HandshakeTimeout? Of(HandshakeCase handshake) => handshake.End == HandshakeEnd.TimedOut ? new HandshakeTimeout(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Case.Stage == HandshakeStage.Silent ? Blame.Nobody : Case.IsAskedAndSilent ? Blame.Client : Blame.Network;

    public override string Message =>
        $"the handshake with server {Phrase.Server(Case.Server)} was not done {Phrase.Time(Case.Elapsed)} after the client came, and client_header_timeout allows {Phrase.Time(Case.Allowed)}: {Waiting}";

    public override IReadOnlyList<Advice> Advice => Case.Stage switch
    {
        HandshakeStage.Silent => [new(Blame.Nobody, "Nothing, if it is a client that connects in advance; otherwise see what holds back its first byte", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)}")],
        _ when Case.IsAskedAndSilent =>
        [
            new(Blame.Client, "If a person chooses or unlocks a token, be quicker, or give the client more time", $"client_header_timeout {Math.Max(60, (int)Case.Allowed.TotalSeconds * 2)}s;"),
            new(Blame.Network, "If it is always so, see whether large packets get through: the gate's certificates are the first of them", $"ping -M do -s 1472 {Host}"),
        ],
        _ => [new(Blame.Network, "See whether packets of the client are lost on the way", $"ss -tino state established '( sport = :{Case.Server.Port} )'"), new(Blame.Operator, "Or give slow clients more time", $"client_header_timeout {Math.Max(60, (int)Case.Allowed.TotalSeconds * 2)}s;")],
    };

    private string Waiting => Case.Stage switch
    {
        HandshakeStage.Silent => "not one byte had come",
        HandshakeStage.Hello => "a part of its ClientHello had come",
        HandshakeStage.Answered => Case.WasAsked
            ? "it had been asked for its certificate and had not answered; a person may be choosing, a token be locked, or the answer be lost on the way"
            : "it had been answered and had not gone on; what it sent may be lost on the way",
        HandshakeStage.ClientFlight => "a part of its certificate or signature had come",
        HandshakeStage.Done => "the handshake was done, and no whole request had come",
    };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("allowed", Phrase.Seconds(Case.Allowed))
        .Add("advertised_bytes", Case.WasAsked ? Case.Server.AdvertisedBytes : 0);
}
