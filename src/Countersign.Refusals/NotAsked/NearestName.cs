namespace Countersign.Refusals;

/// <summary>The name that somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>Names of one address that are looked at: a gate may have thousands.</summary>
    private const int MostNames = 2000;
    private const int LongestName = 255;

    /// <returns>Null when none is within a third of its length.</returns>
    public static string? Of(string name, IReadOnlyList<string> names)
    {
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in names.Take(MostNames))
        {
            if (candidate.Length is 0 or > LongestName || name.Length is 0 or > LongestName || candidate[0] == '~')
            {
                continue;
            }
            var distance = Distance(name, candidate);
            if (distance < least && distance <= Math.Max(1, Math.Max(name.Length, candidate.Length) / 3))
            {
                (nearest, least) = (candidate, distance);
            }
        }
        return nearest;
    }

    /// <summary>Levenshtein's, without case.</summary>
    private static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
