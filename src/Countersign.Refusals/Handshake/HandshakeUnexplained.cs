namespace Countersign.Refusals;

/// <summary>The handshake failed in a way that has no better words here.</summary>
public sealed record HandshakeUnexplained(HandshakeCase Case) : Reason
{
    public const string Name = "handshake/unexplained";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Confidence.Possible;

    public override string Message => $"the handshake with server \"{Case.Server.Name}\" failed: {Case.Error}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "See how far openssl gets", $"openssl s_client -connect {Case.Server.Name}:443 -servername {Case.Server.Name} -state -msg"),
    ];

    public override void Describe(Evidence evidence) => evidence.Add("error", Case.Error);
}
