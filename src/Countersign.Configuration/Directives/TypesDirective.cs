namespace Countersign.Configuration.Directives;

/// <summary>types { media-type extension ...; }</summary>
internal static class TypesDirective
{
    /// <summary>What nginx knows where no <c>types</c> says otherwise.</summary>
    public static IReadOnlyDictionary<string, string> Default { get; } =
        new Dictionary<string, string> { ["html"] = "text/html", ["gif"] = "image/gif", ["jpg"] = "image/jpeg" };

    public static void Bind(DirectiveCall call)
    {
        var types = call.Scope.Own(LocationDirectives.Types) is { } earlier ? new Dictionary<string, string>(earlier) : [];
        foreach (var entry in call.Session.Binder.Entries(call.Node.Block!))
        {
            for (var i = 1; i <= entry.ArgumentCount; i++)
            {
                var extension = entry.Words[i].Text.ToLowerInvariant();
                if (types.TryGetValue(extension, out var old))
                {
                    call.Session.Report(new ConfigurationProblem("duplicate-extension", ProblemLevel.Warning,
                        $"duplicate extension \"{extension}\", content type: \"{entry.Name}\", previous content type: \"{old}\"", entry.Position));
                }
                types[extension] = entry.Name;
            }
        }
        call.Scope.Set(LocationDirectives.Types, types);
    }
}
