namespace Countersign.Configuration.Directives;

/// <summary>Contexts as nginx's documentation names them.</summary>
internal static class ContextNames
{
    private static readonly (Contexts Context, string Name)[] Names =
    [
        (Contexts.Main, "main"), (Contexts.Events, "events"), (Contexts.Http, "http"), (Contexts.Server, "server"),
        (Contexts.ServerIf, "if in server"), (Contexts.Location, "location"), (Contexts.LocationIf, "if in location"),
        (Contexts.LimitExcept, "limit_except"), (Contexts.Upstream, "upstream"),
    ];

    public static string Of(Contexts contexts) =>
        string.Join(", ", Names.Where(entry => (contexts & entry.Context) != 0).Select(entry => entry.Name));
}
