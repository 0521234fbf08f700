namespace Countersign.Refusals;

/// <summary>
/// The work that one refusal may cost. A client chooses what it sends, so what is made of it is counted: 5 to 8 ms of a core where everything is
/// used up; docs/decisions/0009 has what that was measured with. What is left undone makes a reason say less, never say something else.
/// </summary>
public sealed class AnalysisBudget
{
    /// <summary>Signatures checked and keys read for it, in checks of P-256: <see cref="SignatureCost"/>. Three levels of P-384 need nearly all.</summary>
    public const int MaximumSignatures = 40;

    /// <summary>Certificates looked at as somebody's issuer.</summary>
    public const int MaximumCandidates = 40_000;

    /// <summary>Bytes of certificates read. libssl takes no longer chains than 100 KB.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Names compared with constraints.</summary>
    public const int MaximumNames = 20_000;

    /// <summary>Certificates in a path.</summary>
    public const int MaximumLength = 32;

    public int Signatures { get; private set; }

    public int Candidates { get; private set; }

    public int Bytes { get; private set; }

    public int Names { get; private set; }

    /// <summary>Something was left undone.</summary>
    public bool IsSpent { get; private set; }

    internal bool TakeSignature(int cost)
    {
        var isThere = Take(cost, MaximumSignatures, Signatures);
        Signatures += isThere ? cost : 0;
        return isThere;
    }

    internal bool TakeCandidate()
    {
        var isThere = Take(1, MaximumCandidates, Candidates);
        Candidates += isThere ? 1 : 0;
        return isThere;
    }

    /// <summary>Asked before a certificate is read.</summary>
    public bool TakeBytes(int length)
    {
        var isThere = Take(length, MaximumBytes, Bytes);
        Bytes += isThere ? length : 0;
        return isThere;
    }

    internal bool TakeName()
    {
        var isThere = Take(1, MaximumNames, Names);
        Names += isThere ? 1 : 0;
        return isThere;
    }

    private bool Take(int amount, int most, int used)
    {
        var isThere = amount <= most - used;
        IsSpent |= !isThere;
        return isThere;
    }
}
