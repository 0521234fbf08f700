namespace Countersign.Refusals;

/// <summary>No authority, and issued by somebody else: it lets nobody in.</summary>
public sealed record LeafEntry(BundleEntry Entry) : BundleFinding
{
    public override string Id => "leaf";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"{Entry} is no authority: trusting it lets nobody in, and its name goes to every client"
        + (Entry.Certificate!.ExtendedKeyUsage?.Contains("1.3.6.1.5.5.7.3.1") == true ? "; it is a server's, so this may be the chain of ssl_certificate" : "");
    public override string Mend => "take it out";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>No authority, and signed by itself: one client is let in by its own certificate.</summary>
public sealed record PinnedLeaf(BundleEntry Entry) : BundleFinding
{
    public override string Id => "pinned";
    public override BundleSeverity Severity => BundleSeverity.Note;
    public override string Message => $"{Entry} is no authority and signed itself: whoever has its key is let in, and nobody else by it";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Its time is over.</summary>
/// <param name="Renewal">The same authority with the same key, which has not ended; null without.</param>
public sealed record ExpiredEntry(BundleEntry Entry, BundleEntry? Renewal, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "expired";
    public override BundleSeverity Severity => Renewal is null && Entry.IsAuthority ? BundleSeverity.Fault : BundleSeverity.Warning;
    public override string Message => $"{Entry} ended {Evidence.Text(Entry.Certificate!.NotAfter)}, {Span.Of(Now - Entry.Certificate.NotAfter)} ago"
        + (Renewal is not null ? $"; {Renewal} is the same authority and has not"
            : Entry.IsAuthority ? ": clients whose path leads over it are refused (chain/ca-expired)" : "");
    public override string Mend => Renewal is null && Entry.IsAuthority ? "put the renewed certificate in its place" : "take it out";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Its time is over soon.</summary>
public sealed record EndsSoon(BundleEntry Entry, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "ends-soon";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"{Entry} ends {Evidence.Text(Entry.Certificate!.NotAfter)}, in {Span.Of(Entry.Certificate.NotAfter - Now)}";
    public override string Mend => "append the renewed certificate before";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Its time has not begun.</summary>
public sealed record NotYetValidEntry(BundleEntry Entry, DateTimeOffset Now) : BundleFinding
{
    public override string Id => "not-yet-valid";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message => $"{Entry} begins {Evidence.Text(Entry.Certificate!.NotBefore)}, in {Span.Of(Entry.Certificate.NotBefore - Now)}: until then it lets nobody in";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Its extended key usage is not for clients; OpenSSL asks that of authorities, too.</summary>
public sealed record PurposeLimit(BundleEntry Entry) : BundleFinding
{
    public override string Id => "purpose";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"{Entry} may only issue for {ObjectNames.Of(Entry.Certificate!.ExtendedKeyUsage ?? [])}: clients below it are refused (chain/ca-purpose)";
    public override string Mend => "use an authority without an extended key usage, or with clientAuth";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>Its key usage does not let it sign certificates.</summary>
public sealed record CannotSign(BundleEntry Entry) : BundleFinding
{
    public override string Id => "cannot-sign";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"{Entry} is an authority whose key usage has no keyCertSign: clients below it are refused (chain/ca-cannot-sign-certificates)";
    public override string Mend => "issue that authority again with keyUsage = keyCertSign, cRLSign";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>More authorities of the bundle stand below it than it allows.</summary>
/// <param name="Below">One of those that are too far down.</param>
public sealed record PathLengthLimit(BundleEntry Entry, BundleEntry Below, int Count) : BundleFinding
{
    public override string Id => "path-length";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message =>
        $"{Entry} allows {ChainText.Count(Entry.Certificate!.BasicConstraints?.PathLength ?? 0, "authority", "authorities")} below itself (pathlen), and {Below} makes {Count}: its clients are refused (chain/path-length)";
    public override string Mend => "issue it from an authority that stands higher, or the upper one again with a larger pathlen";
    public override IReadOnlyList<BundleEntry> About => [Entry, Below];
}

/// <summary>A critical extension that OpenSSL does not know.</summary>
public sealed record UnknownCritical(BundleEntry Entry, IReadOnlyList<string> Extensions) : BundleFinding
{
    public override string Id => "critical-extension";
    public override BundleSeverity Severity => BundleSeverity.Fault;
    public override string Message => $"{Entry} has critical extensions that OpenSSL does not know ({ObjectNames.Of(Extensions)}): clients below it are refused (certificate/critical-extension)";
    public override IReadOnlyList<BundleEntry> About => [Entry];
}

/// <summary>A key or a signature that OpenSSL's security level 2, the default of Debian and others, does not take.</summary>
public sealed record WeakEntry(BundleEntry Entry) : BundleFinding
{
    public override string Id => "weak";
    public override BundleSeverity Severity => BundleSeverity.Warning;
    public override string Message =>
        $"{Entry} has {(IsWeakKey(Entry) ? $"a weak key ({ObjectNames.Key(Entry.Certificate!)}; chain/ca-key-too-weak)" : $"a weak signature ({ObjectNames.Of(Entry.Certificate!.SignatureAlgorithm)}; chain/digest-too-weak)")}: OpenSSL's security level may refuse its clients";
    public override string Mend => "replace the authority; ssl_ciphers DEFAULT@SECLEVEL=0 lets it in until then";
    public override IReadOnlyList<BundleEntry> About => [Entry];

    public static bool Is(BundleEntry entry) => IsWeakKey(entry) || (!entry.IsSelfSigned && entry.Certificate!.SignatureAlgorithm is
        "1.2.840.113549.1.1.2" or "1.2.840.113549.1.1.3" or "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" or "1.2.840.10040.4.3");

    private static bool IsWeakKey(BundleEntry entry) =>
        entry.Certificate is { KeyBits: > 0 } certificate && certificate.KeyBits < (certificate.KeyAlgorithm == "1.2.840.10045.2.1" ? 224 : 2048);
}

/// <summary>The list of names for clients is long.</summary>
public sealed record LargeList(int Names, int Bytes) : BundleFinding
{
    public override string Id => "list-too-large";
    public override BundleSeverity Severity => Bytes > BundleReport.RecordBytes ? Bytes > BundleReport.ListBytes ? BundleSeverity.Fault : BundleSeverity.Warning : BundleSeverity.Note;
    public override string Message =>
        $"the list of {ChainText.Count(Names, "name")} for clients takes {Bytes} bytes, "
        + (Bytes > BundleReport.ListBytes ? $"more than the {BundleReport.ListBytes} it may have: handshakes fail"
            : Bytes > BundleReport.RecordBytes ? $"more than a TLS record of {BundleReport.RecordBytes}: some clients end the handshake at it"
            : $"most of a TLS record of {BundleReport.RecordBytes}");
    public override string Mend => "keep in ssl_client_certificate only whom clients should be told of, and the others in ssl_trusted_certificate";
}
