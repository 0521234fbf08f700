using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.Testing;

/// <summary>A page of docs/ that ends with a transcript: what a program said in a test.</summary>
/// <param name="name">Below docs/, without its ending.</param>
public sealed partial class TranscriptPage(string name)
{
    private const string Heading = "\n## A transcript\n\n```text\n";
    private const string End = "\n```\n";

    private static readonly DateTimeOffset Then = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);

    private readonly MeasuredPage _page = new(name + ".md");

    /// <summary>The page's section about nginx.</summary>
    public string NginxSays => _page.Text[_page.Text.IndexOf("\n## What nginx says\n", StringComparison.Ordinal)..Start(_page.Text)];

    /// <summary>The page's transcript, after this one has taken its place where it is to be written and they differ.</summary>
    public string TranscriptAfter(string measured)
    {
        var text = _page.Text;
        if (Compared(text[Start(text)..^End.Length]) != Compared(measured))
        {
            text = _page.TextAfter(text[..Start(text)] + measured + End);
        }
        return text[Start(text)..^End.Length];
    }

    /// <summary>As if it had been said at one moment, in one folder, on one port, and of a gate that was started without options.</summary>
    /// <param name="at">When it was said.</param>
    public static string Settled(string text, DateTimeOffset at)
    {
        text = Time().Replace(text, match => Moved(match.Value, at));
        text = Started().Replace(text, "");
        text = Listen().Replace(PortToPaste().Replace(PortOfUrl().Replace(text, "$1"), "${1}443"), "listen 443");
        return Port().Replace(Folder().Replace(text, "/etc/nginx/"), "$1:8080");
    }

    /// <summary>Without what differs between two runs: moments, identifiers and digests, places in a configuration, lengths of time, and how lines are broken.</summary>
    public static string Compared(string text) => Random().Replace(text, "?");

    private static int Start(string page) => page.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;

    private static string Moved(string time, DateTimeOffset from)
    {
        var moved = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) + (Then - from);
        return new DateTimeOffset((moved.Ticks + TimeSpan.TicksPerMinute / 2) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<=countersign -s reload)( -[pcg] ('[^']*'|\S+))+")]
    private static partial Regex Started();

    [GeneratedRegex(@"/[^\s""]*/cs-\w{6}/(conf/)?")]
    private static partial Regex Folder();

    [GeneratedRegex(@"(https://[\w.$-]+):\d{5}(?=[/$])")]
    private static partial Regex PortOfUrl();

    [GeneratedRegex(@"listen 127\.0\.0\.1:\d{5}(?= ssl\b)")]
    private static partial Regex Listen();

    [GeneratedRegex(@"(-connect [\w.-]+:|--resolve [\w.-]+:|probe [\w.-]+:|sport = :|\bport )\d{5}\b")]
    private static partial Regex PortToPaste();

    [GeneratedRegex(@"(\b127\.0\.0\.\d+|localhost):\d{5}\b")]
    private static partial Regex Port();

    [GeneratedRegex(@"\s+|\b20\d\d-\d\d-\d\dT[\d:]+Z|\b(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f:]{6,}\b|\b\d{12,14}Z|(?<=\.conf:)\d+|\b\d+(\.\d+)?(?= m?s\b)")]
    private static partial Regex Random();
}
