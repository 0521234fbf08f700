namespace Countersign.Commands;

/// <summary>What was to be printed could not be: a full disk, or no standard output at all.</summary>
internal sealed class OutputException(string why) : Exception(why)
{
    /// <summary>Runs a command; a report that is not whole must not pass for one, so it makes <paramref name="code"/> of it.</summary>
    public static int Guard(int code, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (OutputException fault)
        {
            Console.Error.WriteLine($"countersign: standard output cannot be written: {fault.Message}");
            return code;
        }
    }
}
