namespace Countersign.Refusals;

/// <summary>
/// Why a request came without a certificate, or for a server that did not verify it. Each reason says itself whether the evidence fits; the lists
/// are the order in which they are asked, and of those that fit the best proved one is the reason, the others its alternatives.
/// </summary>
public static class NoCertificateReasons
{
    private static readonly Func<NoCertificateCase, NoCertificateReason?>[] Misdirected = [CrossTrust.Of, CrossOcsp.Of, ConnectionCoalesced.Of, SniHostMismatch.Of];

    private static readonly Func<NoCertificateCase, NoCertificateReason?>[] NotAsked =
    [
        NoSni.Of,
        UnknownSni.Of,
        SniHostMismatch.Of,
        ResumedUnderOldPolicy.Of,
        ResumedWithoutCertificate.Of,
        VerificationOff.Of,
        EarlyData.Of,
        TlsTerminatedInFront.Of,
    ];

    private static readonly Func<NoCertificateCase, NoCertificateReason?>[] NotSent =
    [
        CorsPreflight.Of,
        EarlyData.Of,
        TlsTerminatedInFront.Of,
        NoCommonSignatureAlgorithm.Of,
        NoSni.Of,
        UnknownSni.Of,
        UserCancelled.Of,
        KeyUnavailable.Of,
        IssuerNameEncoding.Of,
        ChainNotLinkable.Of,
        IssuerNotAdvertised.Of,
        FilteredByClient.Of,
        CredentialsOmitted.Of,
        RememberedChoice.Of,
        NotSelectedForHost.Of,
        ClientSideProxy.Of,
        AdvertisedListTooLarge.Of,
    ];

    public static Reason Of(NoCertificateCase request) => request.Status switch
    {
        497 => new PlainHttp(request),
        421 => Best(Misdirected, request, SniHostMismatch.From),
        _ => request.WasAsked ? Best(NotSent, request, NotConfigured.From) : Best(NotAsked, request, VerificationOff.From),
    };

    private static NoCertificateReason Best(
        Func<NoCertificateCase, NoCertificateReason?>[] tree, NoCertificateCase request, Func<NoCertificateCase, IReadOnlyList<string>, NoCertificateReason> otherwise)
    {
        // OrderBy keeps the order of the tree among equals.
        var fitting = tree.Select(find => find(request)).OfType<NoCertificateReason>().OrderBy(reason => reason.Confidence).ToList();
        if (fitting.Count == 0)
        {
            return otherwise(request, []);
        }
        IReadOnlyList<string> others = [.. fitting.Skip(1).Select(reason => reason.Id).Distinct()];
        if (request is { Status: 496, WasAsked: true } && fitting[0].Confidence == Confidence.Possible)
        {
            others = [.. others, NotConfigured.Name];
        }
        return fitting[0] with { Alternatives = others };
    }
}
