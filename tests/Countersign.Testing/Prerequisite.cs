namespace Countersign.Testing;

/// <summary>
/// A program a test needs. Missing, it skips the test on a laptop and fails it where <c>CI=true</c>, so that a
/// forgotten package cannot turn a suite green.
/// </summary>
public static class Prerequisite
{
    /// <summary>The full path of a program on PATH or in the system folders, or null.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/'))
        {
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/usr/local/sbin", "/sbin"]);
        return folders.Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    public static string Require(string program) => Find(program) ?? throw Missing($"{program} is not installed");

    /// <summary>The exception that xunit v3 takes as a skip by its message, or, in CI, as a failure.</summary>
    public static Exception Missing(string what) =>
        Environment.GetEnvironmentVariable("CI") == "true"
            ? new InvalidOperationException(what)
            : new InvalidOperationException("$XunitDynamicSkip$" + what);
}
