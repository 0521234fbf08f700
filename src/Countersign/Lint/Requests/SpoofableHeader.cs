using Countersign.Configuration;

namespace Countersign.Lint.Requests;

/// <summary>
/// As nginx: a location with one proxy_set_header of its own has none of those around it. What it does not set any more goes to the backend as the
/// client sent it.
/// </summary>
internal sealed class SpoofableHeader : LintRule
{
    public override string Id => "lint/spoofable-header";

    public override IEnumerable<LintWarning> Check(LintCase lint) => lint.Asking.SelectMany(server => Check(server, lint));

    private IEnumerable<LintWarning> Check(ServerPlan server, LintCase lint)
    {
        var passing = lint.LocationsOf(server).Where(location => location.ProxyPass is not null && !TurnedAway.By(location)).OrderBy(location => location.Id).ToList();
        var meant = Identity(server.Root.Proxy.SetHeaders, lint).ToList();
        foreach (var target in passing.GroupBy(location => TargetOf(location.ProxyPass!)))
        {
            // What the server sets is meant for all of its backends, what a location sets for its own.
            var identity = meant.Concat(target.SelectMany(location => Identity(location.Proxy.SetHeaders, lint)))
                .DistinctBy(header => header.Name, StringComparer.OrdinalIgnoreCase).ToList();
            // An if block has the headers of the location around it: one of the two is enough.
            var open = target.Where(location => location.Proxy.PassRequestHeaders)
                .Select(location => (Location: location, Missing: identity.Where(header => !Sets(location, header.Name)).ToList()))
                .Where(found => found.Missing.Count > 0)
                .DistinctBy(found => (found.Location.Proxy.SetHeaders, found.Location.IsUnnamed ? -1 : found.Location.Id))
                .ToList();
            open.RemoveAll(found => found.Location.IsUnnamed && open.Exists(other => !other.Location.IsUnnamed && other.Location.Proxy.SetHeaders == found.Location.Proxy.SetHeaders));
            foreach (var same in open.GroupBy(found => string.Join(' ', found.Missing.Select(header => header.Name)), StringComparer.OrdinalIgnoreCase))
            {
                yield return Warning(server, [.. same.Select(found => found.Location)], same.First().Missing);
            }
        }
    }

    private LintWarning Warning(ServerPlan server, IReadOnlyList<LocationPlan> locations, IReadOnlyList<SetHeader> missing) => new(
        Id,
        $"{LintText.List(locations.Select(NameOf))} {(locations.Count == 1 ? "passes" : "pass")} {LintText.List(missing.Select(header => LintText.Of(header.Name)))} on as the client sent {(missing.Count == 1 ? "it" : "them")}, and the backend takes {(missing.Count == 1 ? "it" : "them")} for the gate's: a proxy_set_header of its own replaces all those around a location",
        locations[0].ProxyPass!.Position,
        "Set there what is set elsewhere:",
        string.Join('\n', missing.Select(Line)))
    {
        Servers = [server],
    };

    private static IEnumerable<SetHeader> Identity(IReadOnlyList<SetHeader> headers, LintCase lint) =>
        headers.Where(header => lint.Variables.Of(header.Value).Any(name => name.StartsWith("ssl_client_", StringComparison.Ordinal)));

    private static bool Sets(LocationPlan location, string name) =>
        location.Proxy.SetHeaders.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // The upstream that proxy_pass implies is called by its host alone.
    private static string TargetOf(ProxyPassPlan pass) => pass switch
    {
        { Url: { } url } => url.Source,
        { Upstream.IsNamed: true } => pass.Upstream.Name,
        _ => $"{pass.Upstream?.Name}:{pass.Port}",
    };

    private static string NameOf(LocationPlan location) => location.Kind switch
    {
        LocationKind.If => $"an if block in line {location.Position.Line}",
        LocationKind.LimitExcept => $"limit_except in line {location.Position.Line}",
        LocationKind.Exact => $"location = {LintText.Of(location.Name)}",
        LocationKind.Regex => $"location ~ {LintText.Of(location.Name)}",
        _ => $"location {LintText.Of(location.Name)}",
    };

    private static string Line(SetHeader header) => LintText.Of(header.Value.Source.AsSpan().IndexOfAny(" \t;{}\"'") < 0
        ? $"proxy_set_header {header.Name} {header.Value.Source};" : $"proxy_set_header {header.Name} \"{header.Value.Source.Replace("\"", "\\\"", StringComparison.Ordinal)}\";");
}
