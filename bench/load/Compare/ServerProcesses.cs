using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>What a server's processes have used, from /proc: the one that was started and all below it.</summary>
internal static class ServerProcesses
{
    private const int TicksPerSecond = 100;

    /// <summary>User and system time so far, in steps of 10 ms. nginx's master idles, so the sum is the worker's.</summary>
    public static TimeSpan ProcessorTime(int root) => TimeSpan.FromSeconds(Tree(root).Sum(process =>
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th field behind it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }) / (double)TicksPerSecond);

    /// <summary>Resident bytes; pages that processes share are counted once each.</summary>
    public static long Resident(int root) => 1024 * Tree(root).Sum(process => File.ReadLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));

    private static IEnumerable<int> Tree(int root)
    {
        var children = File.ReadAllText($"/proc/{root}/task/{root}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children.SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture))).Prepend(root);
    }
}
