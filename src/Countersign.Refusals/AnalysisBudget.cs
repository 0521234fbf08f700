namespace Countersign.Refusals;

/// <summary>
/// The work that one refusal may cost. A client chooses what it sends, so what is made of it is counted, in steps of about a tenth of a microsecond:
/// at most 5 ms of a core, whatever they are used for; docs/decisions/0009 has what that was measured with. What is left undone makes a reason say
/// less, never say something else, and the refusal says that it was.
/// </summary>
public sealed class AnalysisBudget
{
    /// <summary>Four checks of P-384 and the reading of a chain, or 57 of P-256.</summary>
    public const int MaximumSteps = 40_000;

    /// <summary>Of certificates read. libssl takes no longer chains.</summary>
    public const int MaximumBytes = 100 * 1024;

    /// <summary>Certificates in a path.</summary>
    public const int MaximumLength = 32;

    private const int OfReading = 25;
    private const int BytesPerStep = 8;

    /// <summary>A certificate put where its name finds it.</summary>
    private const int OfIndexing = 1;

    /// <summary>A certificate of the right name looked at as an issuer.</summary>
    private const int OfNamesake = 4;

    /// <summary>A name compared with a constraint.</summary>
    private const int OfName = 1;

    public int Steps { get; private set; }

    public int Bytes { get; private set; }

    /// <summary>Something was left undone.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Asked before a certificate is read.</summary>
    public bool TakeCertificate(int length)
    {
        if (length > MaximumBytes - Bytes)
        {
            IsSpent = true;
            return false;
        }
        Bytes += length;
        return Take(OfReading + (length / BytesPerStep));
    }

    /// <param name="steps">Of <see cref="SignatureCost"/>.</param>
    internal bool TakeSignature(int steps) => Take(steps);

    internal bool TakeCandidates(int count) => Take(count * OfIndexing);

    internal bool TakeNamesake() => Take(OfNamesake);

    internal bool TakeName() => Take(OfName);

    private bool Take(int steps)
    {
        if (steps > MaximumSteps - Steps)
        {
            IsSpent = true;
            return false;
        }
        Steps += steps;
        return true;
    }
}
