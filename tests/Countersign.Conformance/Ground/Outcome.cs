using System.Text;

namespace Countersign.Conformance;

/// <summary>All that one run of a case left behind, with what may differ between two servers taken out.</summary>
public sealed record Outcome(string Client, string Backends, string AccessLog, string ErrorLog)
{
    /// <summary>Null when equal; otherwise the parts that differ, both versions of each.</summary>
    public string? DifferenceFrom(Outcome nginx)
    {
        var difference = new StringBuilder();
        Compare("the client saw", nginx.Client, Client);
        Compare("the backends got", nginx.Backends, Backends);
        Compare("the access log says", nginx.AccessLog, AccessLog);
        Compare("the error log says", nginx.ErrorLog, ErrorLog);
        return difference.Length == 0 ? null : difference.ToString();

        void Compare(string part, string expected, string actual)
        {
            if (expected != actual)
            {
                difference.Append($"""
                    == {part}, with nginx:
                    {Visible(expected)}
                    == {part}, with countersign:
                    {Visible(actual)}

                    """);
            }
        }
    }

    private static string Visible(string text)
    {
        var visible = new StringBuilder();
        foreach (var character in text)
        {
            visible.Append(character switch
            {
                '\r' => "",
                '\n' => "\n",
                < ' ' or (> '~' and < '\u0100') => $"\\x{(int)character:X2}",
                _ => character.ToString(),
            });
        }

        return visible.ToString();
    }
}
