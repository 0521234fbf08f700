using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>What a server's processes have used, from /proc: the one that was started and all below it.</summary>
internal static class ServerProcesses
{
    public static ProcessorUse ProcessorUse(int root) => new(Tree(root));

    /// <summary>Resident bytes; pages that processes share are counted once each.</summary>
    public static long Resident(int root) => Sum(root, "status", "VmRSS:");

    /// <summary>Bytes that no file and no other process's memory stands behind: heap, stacks, buffers.</summary>
    public static long Anonymous(int root) => Sum(root, "smaps_rollup", "Anonymous:");

    private static long Sum(int root, string file, string field) => 1024 * Tree(root).Sum(process => File.ReadLines($"/proc/{process}/{file}")
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));

    /// <summary>A child belongs to the thread that made it, so all threads are asked.</summary>
    public static IEnumerable<int> Tree(int root) => Directory.EnumerateDirectories($"/proc/{root}/task")
        .SelectMany(ChildrenOf)
        .SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture)))
        .Prepend(root);

    private static string[] ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // A thread of a pool ended since the folder was listed.
            return [];
        }
    }
}
