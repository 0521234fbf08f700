namespace Countersign.Refusals;

/// <summary>A block that OpenSSL cannot read: a gate with that file does not start.</summary>
public sealed record UnreadableEntry(BundleEntry Entry) : BundleFinding
{
    public override string Id => "unreadable";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"certificate {Entry.Place}{(Entry.Item.Line > 0 ? $" in line {Entry.Item.Line}" : "")} {Entry.Item.Fault}: a gate does not start with it";
    public override string Mend => "take it out or write it again";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Something else in a file.</summary>
public sealed record StrangeBlock(BundleFault Fault) : BundleFinding
{
    public override string Id => Fault.IsKey ? "private-key" : "unreadable";
    public override BundleSeverity Severity => Fault.IsKey ? BundleSeverity.Warning : BundleSeverity.Fault;
    public override string Message => $"{Fault}: {Fault.Text}";
    public override string Mend => Fault.IsKey ? "keep keys in files of their own, readable by their owner alone" : "";
}

/// <summary>The bundle has an authority, but nobody of the bundle issued it.</summary>
/// <param name="Needed">Those that it issued, all with the same issuer and key id.</param>
/// <param name="Namesakes">Certificates of the bundle with the issuer's name and another key.</param>
public sealed record IssuerMissing(DistinguishedName Issuer, string KeyId, IReadOnlyList<BundleEntry> Needed, IReadOnlyList<BundleEntry> Namesakes) : BundleFinding
{
    public override string Id => "issuer-missing";

    /// <summary>Clients of one of them are refused with chain/root-absent.</summary>
    public bool IsFatal => Needed.Any(IsTaken);

    public override BundleSeverity Severity => IsFatal ? BundleSeverity.Fault : BundleSeverity.Warning;

    /// <summary>Where the certificates themselves say it is.</summary>
    public IReadOnlyList<string> Urls =>
        [.. Needed.SelectMany(entry => entry.Certificate!.IssuerUrls).Where(url => url.StartsWith("http", StringComparison.Ordinal)).Select(ChainText.Printable).Distinct().Take(4)];

    public override string Message =>
        $"\"{Issuer}\"{(KeyId.Length == 0 ? "" : $" with key id {KeyId}")} is missing; it issued {BundleText.List(Needed)}"
        + (Namesakes.Count == 0 ? "" : $", and {BundleText.List(Namesakes)} {(Namesakes.Count == 1 ? "has" : "have")} its name but another key")
        + (!IsFatal ? "; clients are let in only because another certificate of the same authority stands before it"
            : Needed.SelectMany(entry => entry.Renewals).FirstOrDefault(other => other.Depth is not null) is { } other
                ? $", and OpenSSL takes that before {other}, which has a way to a root: clients are refused (chain/root-absent)"
            : ", whose clients are refused: a path has to end at a self-signed certificate (chain/root-absent)");

    public override string Mend => Urls.Count > 0 ? $"append it; the certificate says it is at {string.Join(" or ", Urls)}" : IsFatal ? "append it" : "append it, or take the certificates out that need it";

    public override IReadOnlyList<BundleEntry> About => Needed;

    // Of certificates with the same name and key OpenSSL takes the first whose time has not ended, and does not come back for the next.
    private static bool IsTaken(BundleEntry entry) => entry.Depth is null && !entry.Renewals.Any(other => other.Depth is not null && other.Index < entry.Index);
}

/// <summary>Authorities that only issued each other.</summary>
public sealed record NoRoot(IReadOnlyList<BundleEntry> Entries) : BundleFinding
{
    public override string Id => "no-root";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"{BundleText.List(Entries)} issued each other, and no way from them ends at a self-signed certificate: their clients are refused";
    public override string Mend => "append the root";
    public override IReadOnlyList<BundleEntry> About => Entries;
}

/// <summary>No authority can be read in it at all.</summary>
public sealed record NothingTrusted(int Certificates) : BundleFinding
{
    public override string Id => "nothing-trusted";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => Certificates == 0 ? "there is no certificate in it: no client is let in" : "no certificate of it is a root: no client is let in";
    public override string Mend => "append the root that the clients' certificates lead to";
}

/// <summary>The same bytes twice.</summary>
public sealed record DuplicateEntry(BundleEntry Entry, BundleEntry First) : BundleFinding
{
    public override string Id => "duplicate";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"{Entry.Place} is {First} again, byte for byte";
    public override string Mend => "take one out";
    public override IReadOnlyList<BundleEntry> About => [Entry, First];
}

/// <summary>The same authority, name and key, from the same issuer twice: renewed, as a rule.</summary>
public sealed record SameAuthority(IReadOnlyList<BundleEntry> Entries, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "same-authority";
    public override BundleSeverity Severity => Entries.Any(entry => entry.Certificate!.NotAfter < Now) ? BundleSeverity.Warning : BundleSeverity.Note;
    public override string Message => $"the same authority with the same key {BundleText.Times(Entries.Count)}: {BundleText.Dated(Entries)}; either lets its clients in, and the one that ends first is not needed";
    public override string Mend => "take the older ones out";
    public override IReadOnlyList<BundleEntry> About => Entries;
}

/// <summary>One authority with certificates of several issuers.</summary>
public sealed record CrossSignedAuthority(IReadOnlyList<BundleEntry> Entries) : BundleFinding
{
    public override string Id => "cross-signed";
    public override BundleSeverity Severity => BundleSeverity.Note;
    public override string Message =>
        $"one authority from several issuers: {string.Join("; ", Entries.Take(BundleText.Most).Select(entry => $"{entry} by {(entry.IsSelfSigned ? "itself" : $"\"{entry.Certificate!.Issuer}\"")}, until {Evidence.Text(entry.Certificate!.NotAfter)}"))}; OpenSSL takes the first that has not ended";
    public override IReadOnlyList<BundleEntry> About => Entries;
}

/// <summary>The same name with several keys.</summary>
public sealed record RekeyedAuthority(IReadOnlyList<BundleEntry> Entries) : BundleFinding
{
    public override string Id => "re-keyed";

    /// <summary>Without key ids on both sides OpenSSL takes the first of that name, and that may be the wrong one.</summary>
    public bool CannotBeTold => Entries.Any(entry => entry.Certificate!.SubjectKeyId.Length == 0);

    public override BundleSeverity Severity => CannotBeTold ? BundleSeverity.Warning : BundleSeverity.Note;

    public override string Message =>
        $"\"{Entries[0].Certificate!.Subject}\" has {Entries.Select(entry => entry.Certificate!.PublicKeySha256).Distinct().Count()} keys: {string.Join("; ", Entries.Take(BundleText.Most).Select(Key))}"
        + (CannotBeTold ? "; without a key id OpenSSL cannot tell them apart and tries the first only (chain/same-name-other-key)" : "");

    public override string Mend => CannotBeTold ? "issue that authority again with a subject key identifier" : "";

    public override IReadOnlyList<BundleEntry> About => Entries;

    private static string Key(BundleEntry entry) =>
        $"{entry.Place} key id {(entry.Certificate!.SubjectKeyId.Length == 0 ? "none" : entry.Certificate.SubjectKeyId)} from {Evidence.Text(entry.Certificate.NotBefore)} until {Evidence.Text(entry.Certificate.NotAfter)}";
}
