namespace Countersign.Load.Compare;

internal static class Median
{
    /// <summary>Null of nothing; of an even number the mean of the two in the middle.</summary>
    public static double? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
