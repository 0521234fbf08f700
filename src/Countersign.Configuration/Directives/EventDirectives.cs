using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>The events context.</summary>
internal static class EventDirectives
{
    public static readonly Setting<int> WorkerConnections = new(512);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("worker_connections", Contexts.Events, "number", "512", BindConnections),
    ];

    private static void BindConnections(DirectiveCall call)
    {
        if (call.Scope.Has(WorkerConnections))
        {
            call.IsDuplicate();
        }
        else if (Units.Number(call[1]) is { } number)
        {
            call.Scope.Set(WorkerConnections, (int)Math.Min(number, int.MaxValue));
        }
        else
        {
            call.Fail("invalid-number", $"invalid number \"{call[1]}\"", 1);
        }
    }
}
