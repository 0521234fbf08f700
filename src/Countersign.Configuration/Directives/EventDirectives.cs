using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>The events context.</summary>
internal static class EventDirectives
{
    public static readonly Setting<int> WorkerConnections = new(512);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("worker_connections", Contexts.Events, "number", "512", Binders.Number(WorkerConnections)),
    ];
}
