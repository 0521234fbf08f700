using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.Conformance;

/// <summary>
/// Takes out what differs between two runs of the same server: dates, process numbers, the server's own address
/// and folder, and the differences Countersign is allowed: its name with its version, and what it says of a refusal besides nginx's own
/// words, one line in the log and the incident on the page.
/// </summary>
public sealed partial class Normal(string address, string prefix)
{
    private const string Name = "<server>";

    public string Response(string text)
    {
        text = DateHeader().Replace(text, "");
        text = ServerHeader().Replace(text, $"Server: {Name}");
        for (var footer = Footer().Match(text); footer.Success; footer = Footer().Match(text, footer.Index + 1))
        {
            text = text[..footer.Index] + Name + text[(footer.Index + footer.Length)..];
            text = Shift(text, footer.Index, Name.Length - footer.Length);
        }

        for (var incident = Incident().Match(text); incident.Success; incident = Incident().Match(text))
        {
            text = Shift(text.Remove(incident.Index, incident.Length), incident.Index, -incident.Length);
        }

        return Own(text);
    }

    /// <summary>
    /// Without buffering nginx says it was reading or sending by which of the two it did last, and that is decided
    /// by how the backend's bytes were cut on the way.
    /// </summary>
    public string ErrorLog(string lines) => Own(Refusal().Replace(LinePrefix().Replace(lines, "[${level}] "), ""))
        .Replace("prematurely closed connection while sending to client", "prematurely closed connection while reading upstream");

    public string Own(string text) => text.Replace(prefix, "<prefix>").Replace(address, "<address>");

    // The footer's name is part of the announced length.
    private static string Shift(string text, int before, int by)
    {
        var length = ContentLength().Matches(text).LastOrDefault(match => match.Index < before);
        if (length is null)
        {
            return text;
        }

        var number = int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture) + by;
        return string.Concat(text.AsSpan(0, length.Index), $"Content-Length: {number}", text.AsSpan(length.Index + length.Length));
    }

    [GeneratedRegex(@"(?<=\n)Date: [^\r\n]*\r\n")]
    private static partial Regex DateHeader();

    [GeneratedRegex(@"(?<=\n)Server: (nginx|countersign)(/[\w.]+)?(?=\r)")]
    private static partial Regex ServerHeader();

    [GeneratedRegex(@"(?<=<center>)(nginx|countersign)(/[\w.]+)?(?=</center>)")]
    private static partial Regex Footer();

    [GeneratedRegex(@"<center>incident [0-9a-f]{16}</center>\r\n")]
    private static partial Regex Incident();

    [GeneratedRegex(@"^\[(warn|info)\] refused \([a-z/-]+[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Refusal();

    [GeneratedRegex(@"(?<=\n)Content-Length: (\d+)")]
    private static partial Regex ContentLength();

    [GeneratedRegex(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(?<level>\w+)\] \d+#\d+: (\*\d+ )?", RegexOptions.Multiline)]
    private static partial Regex LinePrefix();
}
