namespace Countersign.Configuration.Resolve;

/// <summary>Locations of the same kind and name within one block. As nginx, named ones may repeat: the first is used.</summary>
internal static class LocationChecks
{
    public static void Check(LoadSession session, LocationScope block)
    {
        var seen = new HashSet<(LocationKind, string)>();
        foreach (var location in block.Locations)
        {
            var kind = location.Kind == LocationKind.PrefixFinal ? LocationKind.Prefix : location.Kind;
            if (kind is not (LocationKind.Regex or LocationKind.Named) && !seen.Add((kind, location.Name)))
            {

                session.Report(new ConfigurationProblem("duplicate-location", ProblemLevel.Error, $"duplicate location \"{location.Name}\"", location.Position));
            }
            Check(session, location);
        }
    }
}
