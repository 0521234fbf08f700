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

    private int _signatures;
    private int _candidates;
    private int _bytes;
    private int _names;

    public int Signatures => _signatures;

    public int Candidates => _candidates;

    public int Bytes => _bytes;

    public int Names => _names;

    /// <summary>Something was left undone.</summary>
    public bool IsSpent { get; private set; }

    internal bool TakeSignature(int cost) => Take(cost, MaximumSignatures, ref _signatures);

    internal bool TakeCandidate() => Take(1, MaximumCandidates, ref _candidates);

    /// <summary>Asked before a certificate is read.</summary>
    public bool TakeBytes(int length) => Take(length, MaximumBytes, ref _bytes);

    internal bool TakeName() => Take(1, MaximumNames, ref _names);

    private bool Take(int amount, int most, ref int used)
    {
        if (amount > most - used)
        {
            IsSpent = true;
            return false;
        }
        used += amount;
        return true;
    }
}
