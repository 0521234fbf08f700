namespace Countersign.Configuration.Parse;

/// <summary>glob(3) as <c>include</c> uses it: <c>*</c>, <c>?</c>, <c>[...]</c> within a path's components, sorted by bytes;
/// a leading dot is matched only by a dot.</summary>
internal static class Glob
{
    public static IEnumerable<string> Expand(string pattern, Func<string, IReadOnlyList<string>> listFolder)
    {
        IEnumerable<string> found = [""];
        foreach (var component in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = component.AsSpan().IndexOfAny("*?[") < 0
                ? found.Select(folder => folder + "/" + component).ToList()
                : found.SelectMany(folder => Matching(folder, component, listFolder)).ToList();
        }
        return found.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Matching(string folder, string component, Func<string, IReadOnlyList<string>> listFolder) =>
        from name in listFolder(folder.Length == 0 ? "/" : ByteText.ToUnicode(folder)).Select(ByteText.FromUnicode)
        where (name[0] != '.' || component[0] == '.') && Matches(name, component)
        select folder + "/" + name;

    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        while (!pattern.IsEmpty)
        {
            switch (pattern[0])
            {
                case '*':
                    for (var i = 0; i <= name.Length; i++)
                    {
                        if (Matches(name[i..], pattern[1..]))
                        {
                            return true;
                        }
                    }
                    return false;
                case '[' when pattern[1..].IndexOf(']') is var end and > 0:
                    if (name.IsEmpty || !InSet(name[0], pattern.Slice(1, end)))
                    {
                        return false;
                    }
                    pattern = pattern[(end + 2)..];
                    break;
                case '?' when !name.IsEmpty:
                    pattern = pattern[1..];
                    break;
                default:
                    if (name.IsEmpty || name[0] != pattern[0])
                    {
                        return false;
                    }
                    pattern = pattern[1..];
                    break;
            }
            name = name[1..];
        }
        return name.IsEmpty;
    }

    private static bool InSet(char c, ReadOnlySpan<char> set)
    {
        var negate = set[0] is '!' or '^';
        if (negate)
        {
            set = set[1..];
        }
        var hit = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                hit |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                hit |= c == set[i];
            }
        }
        return hit != negate;
    }
}
