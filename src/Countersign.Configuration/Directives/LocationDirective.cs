using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>location and limit_except.</summary>
internal static class LocationDirective
{
    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH"];

    public static void Bind(DirectiveCall call)
    {
        if (Modifier(call) is not var (kind, name, ignoreCase))
        {
            return;
        }
        RegexPlan? pattern = null;
        if (kind == LocationKind.Regex && (pattern = call.Regex(name, ignoreCase)) is null)
        {
            return;
        }
        var parent = (LocationScope)call.Scope;
        if (call.Scope is not ServerScope && !FitsInside(call, parent, kind, name))
        {
            return;
        }
        var location = new LocationScope(Contexts.Location, parent, kind, name, call.Position) { Pattern = pattern };
        parent.Locations.Add(location);
        call.BindBlock(location);
    }

    private static (LocationKind Kind, string Name, bool IgnoreCase)? Modifier(DirectiveCall call)
    {
        if (call.Count == 2)
        {
            switch (call[1])
            {
                case "=": return (LocationKind.Exact, call[2], false);
                case "^~": return (LocationKind.PrefixFinal, call[2], false);
                case "~": return (LocationKind.Regex, call[2], false);
                case "~*": return (LocationKind.Regex, call[2], true);
                default:
                    call.Fail("invalid-location-modifier", $"invalid location modifier \"{call[1]}\"", 1, "It must be one of: =, ^~, ~, ~*.");
                    return null;
            }
        }
        return call[1] switch
        {
            ['=', ..] => (LocationKind.Exact, call[1][1..], false),
            ['^', '~', ..] => (LocationKind.PrefixFinal, call[1][2..], false),
            ['~', '*', ..] => (LocationKind.Regex, call[1][2..], true),
            ['~', ..] => (LocationKind.Regex, call[1][1..], false),
            ['@', ..] => (LocationKind.Named, call[1], false),
            _ => (LocationKind.Prefix, call[1], false),
        };
    }

    private static bool FitsInside(DirectiveCall call, LocationScope parent, LocationKind kind, string name) => parent.Kind switch
    {
        LocationKind.Exact =>
            call.Fail("location-inside-exact", $"location \"{name}\" cannot be inside the exact location \"{parent.Name}\""),
        LocationKind.Named =>
            call.Fail("location-inside-named", $"location \"{name}\" cannot be inside the named location \"{parent.Name}\""),
        _ when kind == LocationKind.Named =>
            call.Fail("named-location-nested", $"named location \"{name}\" can be on the server level only"),
        _ when kind != LocationKind.Regex && !name.StartsWith(parent.Name, StringComparison.Ordinal) =>
            call.Fail("location-outside", $"location \"{name}\" is outside location \"{parent.Name}\""),
        _ => true,
    };

    public static void BindLimitExcept(DirectiveCall call)
    {
        var location = (LocationScope)call.Scope;
        if (location.LimitExcept is not null)
        {
            call.IsDuplicate();
            return;
        }
        for (var i = 1; i <= call.Count; i++)
        {
            var method = call[i].ToUpperInvariant();
            if (!Methods.Contains(method))
            {
                call.Fail("invalid-method", $"invalid method \"{call[i]}\"", i, "It must be one of: " + string.Join(", ", Methods) + ".");
                return;
            }
            location.LimitExceptMethods.Add(method);
        }
        if (location.LimitExceptMethods.Contains("GET") && !location.LimitExceptMethods.Contains("HEAD"))
        {
            location.LimitExceptMethods.Add("HEAD");
        }
        location.LimitExcept = new LocationScope(Contexts.LimitExcept, location, LocationKind.LimitExcept, location.Name, call.Position);
        call.BindBlock(location.LimitExcept);
    }
}
