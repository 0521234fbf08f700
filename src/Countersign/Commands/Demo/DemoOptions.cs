namespace Countersign.Commands.Demo;

internal sealed record DemoOptions
{
    /// <summary>Leave the gate open after the last case.</summary>
    public bool Stay { get; init; }

    public bool Json { get; init; }

    /// <summary>A program with nginx's command line; null for this one.</summary>
    public string? Gate { get; init; }
}
