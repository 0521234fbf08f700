namespace Countersign.Refusals;

/// <summary>The list of authorities is larger than some clients take.</summary>
public sealed record AdvertisedListTooLarge(NoCertificateCase Case) : NoCertificateReason(Case)
{
    /// <summary>One record of TLS; a longer message comes in pieces.</summary>
    internal const int OneRecord = 16384;

    /// <summary>What the length of the list has room for.</summary>
    internal const int LengthField = 65535;

    public const string Name = "not-sent/advertised-list-too-large";

    public static AdvertisedListTooLarge? Of(NoCertificateCase request) =>
        request.Handshake.AdvertisedBytes > OneRecord ? new AdvertisedListTooLarge(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override Confidence Confidence => Case.Handshake.AdvertisedBytes > LengthField ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"server {Phrase.Server(Case.Handshake)} sends its clients a list of {AdvertisedList.Size(Case.Handshake)}, {Case.Handshake.AdvertisedBytes} bytes where one TLS record has {OneRecord}"
        + (Case.Handshake.AdvertisedBytes > LengthField ? $" and the list itself room for {LengthField}" : "")
        + "; some clients drop such a list, or cut it off, and find nothing to send";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Name only authorities that clients are issued by, and trust the others without naming them", $"{ChainText.BundleDirective(Case.Handshake.Trust)} ssl_trusted_certificate others.pem;"),
        new(Blame.Operator, "See what is in the list", $"countersign bundle {(Case.Handshake.Trust.Bundle.Length == 0 ? "bundle.pem" : ShellWord.Of(Case.Handshake.Trust.Bundle))}"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("advertised_count", Case.Handshake.AdvertisedNames.Count)
        .Add("advertised_bytes", Case.Handshake.AdvertisedBytes)
        .Add("record_bytes", OneRecord)
        .Add("bundle", Case.Handshake.Trust.Bundle);
}
