using System.Text;
using Countersign.Configuration.Directives;

namespace Countersign.Configuration;

/// <summary>The page about every directive, written from the tables that also check them.</summary>
public static class DirectiveReference
{
    public static string Markdown()
    {
        var page = new StringBuilder("""
            # Directives

            This page is written from the tables of the program (`UPDATE_DOCS=1` and the tests of the configuration write it anew).
            What a directive means is nginx's documentation; this page says which ones there are, where they may stand and what holds
            without them. A directive marked *no effect* is read and checked for form: it tunes the inside of nginx and changes nothing here.

            """);
        foreach (var (module, rows) in DirectiveTable.Modules)
        {
            page.Append($"\n## {module}\n\n| directive | default | context |\n| --- | --- | --- |\n");
            foreach (var row in rows.OrderBy(row => row.Name, StringComparer.Ordinal))
            {
                var syntax = Code($"{row.Name} {row.Syntax}".TrimEnd() + (row.IsBlock ? "" : ";"));
                var note = row.Support == Support.NoEffect ? " *no effect*" : "";
                page.Append($"| {syntax}{note} | {(row.Default.Length > 0 ? Code(row.Default) : "")} | {ContextNames.Of(row.Contexts)} |\n");
            }
        }
        page.Append("\n## Directives of nginx that are not supported yet\n\nEach is an error that says so, not an unknown directive.\n\n");
        foreach (var (module, names) in UnsupportedDirectives.Missing)
        {
            page.Append($"- {module}: {string.Join(", ", names.Order(StringComparer.Ordinal).Select(Code))}\n");
        }
        return page.ToString();
    }

    /// <summary>Code in a table cell: a bar would end the cell.</summary>
    private static string Code(string text) => "`" + text.Replace("|", "\\|", StringComparison.Ordinal) + "`";
}
