using Countersign.Configuration.Parse;

namespace Countersign.Configuration.Directives;

/// <summary>A line without its semicolon takes the next directive for arguments; what nginx says of that rarely names the cause.</summary>
internal static class MissingSemicolon
{
    /// <summary>Advice when a word that begins a new line is the name of a directive, otherwise null.</summary>
    public static string? Advice(DirectiveNode node)
    {
        for (var i = 1; i < node.Words.Count; i++)
        {
            if (node.Words[i].Line > node.Words[i - 1].Line && DirectiveTable.Find(node.Words[i].Text).Count > 0)
            {
                return $"Is a semicolon missing at the end of line {node.Words[i - 1].Line}?";
            }
        }
        return null;
    }
}
