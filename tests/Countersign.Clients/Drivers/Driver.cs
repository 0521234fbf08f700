using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

/// <summary>What a visit looked like to whoever ran the client.</summary>
/// <param name="Words">An HTTP status or the error, and the exit code where that says more.</param>
public sealed record Seen(string Words);

/// <summary>Makes one kind of client visit the gate as its users would.</summary>
public abstract class Driver
{
    /// <summary>A client that hangs is a failure of the measurement, not a wait that anybody needs.</summary>
    protected static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Of its row in the page.</summary>
    public abstract string Name { get; }

    /// <summary>Of its row in <see cref="Countersign.Refusals.ClientStack.All"/>; null where that knows only the library, which this program uses in another way.</summary>
    public abstract string? Stack { get; }

    /// <summary>What <see cref="Countersign.Refusals.ClientGuess"/> takes it for.</summary>
    public abstract string Guess { get; }

    public virtual IReadOnlyList<string> Protocols => GateUnderMeasure.Protocols;

    /// <summary>As the program says it.</summary>
    public abstract Task<string> Version();

    /// <summary>All visits, one after the other; the answers are in the same order.</summary>
    public virtual async Task<IReadOnlyList<Seen>> Run(IReadOnlyList<Visit> visits)
    {
        var seen = new List<Seen>();
        foreach (var visit in visits)
        {
            seen.Add(await Run(visit));
        }
        return seen;
    }

    protected virtual Task<Seen> Run(Visit visit) => throw new NotSupportedException($"{Name} makes all visits at once");

    protected static string Program(string name) => Path.Combine(AppContext.BaseDirectory, "Programs", name);

    protected static async Task<string> FirstLine(string program, params string[] arguments)
    {
        var result = await CommandLine.Run(program, arguments, within: Longest);
        return result.Both.Split('\n').Select(line => line.Trim()).First(line => line.Length > 0);
    }
}
