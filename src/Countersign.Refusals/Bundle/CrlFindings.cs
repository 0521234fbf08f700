namespace Countersign.Refusals;

/// <summary>ssl_crl is written and this authority has no list.</summary>
public sealed record AuthorityWithoutCrl(BundleEntry Entry) : BundleFinding
{
    public override string Id => "crl-missing";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"there is no revocation list of {Entry}: whoever it issued is refused (revocation/crl-missing)";
    public override string Mend => Entry.Certificate!.CrlUrls is [var url, ..] ? $"append its list; its own certificate names lists at {ChainText.Printable(url)}" : "append its list";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>The next list is overdue.</summary>
public sealed record LapsedCrl(CrlFacts Crl, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "crl-expired";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"the list of \"{Crl.Issuer}\" in {Crl.File} ended {Evidence.Text(Crl.NextUpdate!.Value)}, {Span.Of(Now - Crl.NextUpdate.Value)} ago: whoever it covers is refused (revocation/crl-expired)";
    public override string Mend => "fetch the next one";
}

/// <summary>The next list will be due soon.</summary>
public sealed record CrlEndsSoon(CrlFacts Crl, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "crl-ends-soon";

    // Lists that are made every few days end soon all the time.
    public override BundleSeverity Severity => BundleSeverity.Note;
    public override string Message => $"the list of \"{Crl.Issuer}\" in {Crl.File} ends {Evidence.Text(Crl.NextUpdate!.Value)}, in {Span.Of(Crl.NextUpdate.Value - Now)}";
}

/// <summary>A list from the future.</summary>
public sealed record NotYetValidCrl(CrlFacts Crl, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "crl-not-yet-valid";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"the list of \"{Crl.Issuer}\" in {Crl.File} begins {Evidence.Text(Crl.ThisUpdate)}, in {Span.Of(Crl.ThisUpdate - Now)}: whoever it covers is refused until then (revocation/crl-not-yet-valid)";
}

/// <summary>A list that is not about all certificates of its authority.</summary>
public sealed record PartialCrl(CrlFacts Crl) : BundleFinding
{
    public override string Id => "crl-scope";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"the list of \"{Crl.Issuer}\" in {Crl.File} is {(Crl.IsDelta ? "a delta, which says only what changed" : $"limited ({string.Join(", ", Crl.Scope)})")}: clients may be refused by its scope (revocation/crl-scope)";
    public override string Mend => "use a complete list";
}

/// <summary>A list of somebody who is not in the bundle.</summary>
public sealed record StrayCrl(CrlFacts Crl, BundleEntry? Namesake) : BundleFinding
{
    public override string Id => "crl-stray";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"the list of \"{Crl.Issuer}\" in {Crl.File} belongs to nobody of the bundle"
        + (Namesake is null ? "" : $": it names key id {Crl.AuthorityKeyId}, and {Namesake} has {Namesake.Certificate!.SubjectKeyId}");
    public override string Mend => Namesake is null ? "take it out" : "fetch the list that the present key signs";
}

/// <summary>Its key usage does not let the authority sign lists.</summary>
public sealed record CannotSignCrls(BundleEntry Entry) : BundleFinding
{
    public override string Id => "cannot-sign-crls";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"{Entry} has a list, but its key usage has no cRLSign: whoever it issued is refused (revocation/ca-cannot-sign-crls)";
    public override string Mend => "issue that authority again with keyUsage = keyCertSign, cRLSign";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}
