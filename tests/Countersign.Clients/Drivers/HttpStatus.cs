using System.Text.RegularExpressions;

namespace Countersign.Clients.Drivers;

internal static partial class HttpStatus
{
    /// <summary><c>HTTP 400</c> of the first status line in a text; null without.</summary>
    public static string? Of(string text) => StatusLine().Match(text) is { Success: true } line ? "HTTP " + line.Groups[1].Value : null;

    [GeneratedRegex("HTTP/1.1 ([0-9]{3})")]
    private static partial Regex StatusLine();
}
