namespace Countersign.Configuration.Resolve;

/// <summary>What ngx_hash_add_key takes as a name with wildcards.</summary>
internal static class HostNameRules
{
    public static bool IsWildcard(string name) =>
        (name.Length > 1 && name[0] == '.') || name.StartsWith("*.", StringComparison.Ordinal) || name.EndsWith(".*", StringComparison.Ordinal);

    public static bool IsValid(string name)
    {
        if (name.Contains("..", StringComparison.Ordinal) || name.Contains('\0'))
        {
            return false;
        }
        var stars = name.Count(c => c == '*');
        return stars == 0 || (stars == 1 && name.Length > 2
            && (name.StartsWith("*.", StringComparison.Ordinal) || name.EndsWith(".*", StringComparison.Ordinal)));
    }
}
