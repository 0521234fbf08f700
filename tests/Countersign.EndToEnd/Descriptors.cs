namespace Countersign.EndToEnd;

/// <summary>What the process that serves has open, but for the files of its runtime, which come when they are first used.</summary>
internal static class Descriptors
{
    public static int Count(Gate gate) => All(gate).Count();

    /// <summary>As text, for whoever wonders what was left.</summary>
    public static string List(Gate gate) => string.Join('\n', All(gate).Order());

    /// <summary>How many descriptors each epoll instance watches.</summary>
    public static IEnumerable<int> Watched(Gate gate) => Directory.GetFiles($"/proc/{gate.Server.Family()[^1]}/fdinfo")
        .Select(each => File.ReadLines(each).Count(line => line.StartsWith("tfd:", StringComparison.Ordinal)));

    private static IEnumerable<string> All(Gate gate) => Directory.GetFiles($"/proc/{gate.Server.Family()[^1]}/fd")
        .Select(each => new FileInfo(each).LinkTarget ?? "")
        .Where(target => !target.EndsWith(".dll", StringComparison.Ordinal));
}
