namespace Countersign.Refusals;

/// <summary>Why a kind of client would leave its certificate unsent.</summary>
/// <param name="Id">Of the reason in the catalogue: <c>not-sent/...</c>.</param>
/// <param name="Message">One sentence.</param>
public sealed record Withheld(ClientStack Stack, string Id, string Message);

/// <summary>Whether a client with a given certificate would answer a given CertificateRequest with it: what each library decides by itself, unseen by the server.</summary>
public sealed class Withholding
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly CertificateRequestFacts _request;
    private readonly IReadOnlyList<CertificateFacts> _chain;
    private readonly IReadOnlyList<CertificateFacts> _withStore;
    private readonly DateTimeOffset _now;

    /// <param name="chain">As the client has it in its file, leaf first.</param>
    /// <param name="known">Further certificates that may lead from the chain to a name in the list; the client does not send them.</param>
    public Withholding(CertificateRequestFacts request, IReadOnlyList<CertificateFacts> chain, IReadOnlyList<CertificateFacts> known, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chain.Count);
        (_request, _chain, _now) = (request, chain, now);
        _withStore = Extended(chain, known);
        LinkedByBytes = IsLinked(_chain, NameFilter.Bytes);
        LinkedByNames = IsLinked(_chain, NameFilter.Names);
        LinkedByStore = IsLinked(_withStore, NameFilter.Names);
        HasCommonAlgorithm = ChecksAlgorithm();
    }

    /// <summary>An issuer of the chain stands in the list, byte for byte; true for an empty list.</summary>
    public bool LinkedByBytes { get; }

    /// <summary>The same, comparing names as RFC 5280 does.</summary>
    public bool LinkedByNames { get; }

    /// <summary>The same, with the further certificates at hand.</summary>
    public bool LinkedByStore { get; }

    /// <summary>The key can sign in a way that the server takes.</summary>
    public bool HasCommonAlgorithm { get; }

    /// <summary>Null for a library that would send the certificate.</summary>
    public Withheld? By(ClientStack stack)
    {
        if (!HasCommonAlgorithm)
        {
            return new(stack, NoCommonSignatureAlgorithm.Name, $"the server takes no signature that a key of {ObjectNames.Key(_chain[0])} makes");
        }
        if (stack.ChecksPurpose && Purpose() is { } purpose)
        {
            return new(stack, FilteredByClient.Name, purpose);
        }
        if (stack.ChecksTime && (_now > _chain[0].NotAfter || _now < _chain[0].NotBefore))
        {
            return new(stack, FilteredByClient.Name, _now > _chain[0].NotAfter ? "it has expired" : "it is not valid yet");
        }
        return ByNames(stack);
    }

    private Withheld? ByNames(ClientStack stack)
    {
        if (stack.Filter == NameFilter.None || IsLinked(stack.LinksByStore ? _withStore : _chain, stack.Filter))
        {
            return null;
        }
        if (LinkedByNames)
        {
            return new(stack, IssuerNameEncoding.Name, "its issuer is in the list with the same text in other bytes, and it compares bytes");
        }
        return LinkedByStore
            ? new(stack, ChainNotLinkable.Name, "the list names an authority further up, and the file has no certificate that leads there")
            : new(stack, IssuerNotAdvertised.Name, $"no issuer of its chain is in the list; the leaf's is \"{_chain[0].Issuer}\"");
    }

    private string? Purpose()
    {
        var leaf = _chain[0];
        if (leaf.ExtendedKeyUsage is { } purposes && !purposes.Contains(ClientAuthentication))
        {
            return $"it may be used for {ObjectNames.Of(purposes)}, not for clientAuth";
        }
        return leaf.KeyUsage is { } usages && !usages.Contains("digitalSignature")
            ? "its key usage has no digitalSignature"
            : null;
    }

    private bool IsLinked(IReadOnlyList<CertificateFacts> chain, NameFilter filter) => _request.Authorities.Count == 0
        || chain.Any(one => _request.Authorities.Any(name => filter == NameFilter.Bytes ? name.IsIdentical(one.Issuer) : name.IsSame(one.Issuer)));

    private bool ChecksAlgorithm()
    {
        var leaf = _chain[0];
        // Before TLS 1.2 there is no list of algorithms.
        var isAlgorithmTaken = _request.SignatureAlgorithms.Count == 0
            || SignatureSchemes.OfKey(leaf, _request.IsTls13).Any(_request.SignatureAlgorithms.Contains);
        return isAlgorithmTaken && (_request.CertificateTypes.Count == 0 || _request.CertificateTypes.Contains(SignatureSchemes.CertificateType(leaf)));
    }

    /// <summary>Names alone: a signature that does not fit is another matter.</summary>
    private static List<CertificateFacts> Extended(IReadOnlyList<CertificateFacts> chain, IReadOnlyList<CertificateFacts> known)
    {
        List<CertificateFacts> whole = [.. chain];
        for (var i = 0; i < whole.Count && whole.Count <= AnalysisBudget.MaximumLength; i++)
        {
            whole.AddRange(known.Where(issuer => whole[i].IsIssuedBy(issuer) && !whole.Contains(issuer)).ToList());
        }
        return whole;
    }
}
