namespace Countersign.Commands;

/// <summary>A command cannot do what it was asked for.</summary>
/// <param name="next">What to type next.</param>
internal abstract class CommandException(string message, string next, int exitCode) : Exception(message)
{
    private const int Version = 1;

    public string Next => next;

    /// <summary>Runs a command, whose failure is told and makes its exit code.</summary>
    /// <param name="json">The command prints JSON.</param>
    public static int Guard(bool json, TextWriter output, TextWriter error, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (CommandException fault)
        {
            return fault.Tell(json, output, error);
        }
    }

    /// <summary>For whoever watches, and with <c>--json</c> as one object besides: a machine is not left with nothing to read.</summary>
    /// <returns>The exit code.</returns>
    public int Tell(bool json, TextWriter output, TextWriter error)
    {
        error.WriteLine($"countersign: {Message}\nTry: {Next}");
        if (json)
        {
            output.WriteLine(JsonFields.Line(line =>
            {
                line.WriteNumber("v", Version);
                line.WriteStartObject("error");
                line.WriteString("message", Message);
                line.WriteString("next", Next);
                line.WriteEndObject();
            }));
        }
        return exitCode;
    }
}
