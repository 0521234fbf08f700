namespace Countersign.Commands;

/// <summary>What was asked for cannot be done: an argument makes no sense, or a file cannot be read.</summary>
/// <param name="next">What to type next.</param>
internal sealed class UsageException(string message, string next) : Exception(message)
{
    public const int ExitCode = 2;

    public string Next => next;

    /// <summary>Runs a command; a failure goes to standard error, with what to type next, and makes 2 of it.</summary>
    public static int Guard(TextWriter error, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (UsageException fault)
        {
            error.WriteLine($"countersign: {fault.Message}\nTry: {fault.Next}");
            return ExitCode;
        }
    }
}
