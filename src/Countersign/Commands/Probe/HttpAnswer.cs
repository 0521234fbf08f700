using System.Globalization;
using System.Text;

namespace Countersign.Commands.Probe;

/// <summary>An answer of HTTP/1, as far as it tells whether its sender let the client in. What it says is a stranger's text.</summary>
internal sealed record HttpAnswer
{
    public required int Status { get; init; }

    /// <summary>Reason phrase of the status line.</summary>
    public required string Phrase { get; init; }

    /// <summary>The Server header; empty without.</summary>
    public required string Server { get; init; }

    /// <summary>Of a redirection; empty without.</summary>
    public required string Location { get; init; }

    /// <summary>Title of the page, or the first line of a plain body.</summary>
    public required string Title { get; init; }

    /// <summary>As much of the body as was read.</summary>
    public required string Body { get; init; }

    /// <summary>Countersign's number of this refusal; empty where the page has none.</summary>
    public required string Incident { get; init; }
}

/// <summary>Reads one answer from bytes as they come, and no more of them than it takes to tell.</summary>
internal sealed class HttpAnswerReader
{
    public const int MaximumLength = 64 * 1024;

    private const int LongestText = 200;

    private readonly MemoryStream _bytes = new();

    public bool IsEmpty => _bytes.Length == 0;

    /// <summary>Nothing more is needed.</summary>
    public bool IsComplete { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes[..(int)Math.Min(bytes.Length, MaximumLength - _bytes.Length)]);
        IsComplete = _bytes.Length >= MaximumLength || IsWhole();
    }

    /// <summary>Null for what is no HTTP.</summary>
    public HttpAnswer? Answer()
    {
        var text = Final();
        if (!text.StartsWith("HTTP/1.", StringComparison.Ordinal) || text.Length < 12
            || !int.TryParse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return null;
        }
        var (head, body) = Split(text);
        var line = head.Split('\n')[0].TrimEnd('\r');
        return new HttpAnswer
        {
            Status = status,
            Phrase = Cut(line.Length > 13 ? line[13..] : ""),
            Server = Cut(Header(head, "Server")),
            Location = Cut(Header(head, "Location")),
            Title = Cut(Title(body, status)),
            Body = body,
            Incident = Incident(body),
        };
    }

    /// <summary>Without answers of 100 to 199 before it.</summary>
    private string Final()
    {
        var text = Encoding.Latin1.GetString(_bytes.GetBuffer(), 0, (int)_bytes.Length);
        while (text.Length > 9 && text.StartsWith("HTTP/1.", StringComparison.Ordinal) && text[9] == '1' && text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and >= 0)
        {
            text = text[(end + 4)..];
        }
        return text;
    }

    private bool IsWhole()
    {
        var text = Final();
        if (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            return false;
        }
        var (head, body) = Split(text);
        return head.Length > 12 && head.AsSpan(9, 3) is "204" or "304"
            || (int.TryParse(Header(head, "Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && body.Length >= length)
            || (Header(head, "Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase) && body.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
    }

    private static (string Head, string Body) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? (text, "") : (text[..end], text[(end + 4)..]);
    }

    private static string Header(string head, string name) =>
        head.Split('\n').Skip(1).Select(line => line.Split(':', 2)).FirstOrDefault(parts => parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
            is { } found ? found[1].Trim() : "";

    private static string Title(string body, int status)
    {
        const string Open = "<title>", Close = "</title>";
        var start = body.IndexOf(Open, StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : body.IndexOf(Close, start, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            return body.StartsWith('<') ? "" : body.Split('\n')[0].Trim();
        }
        var title = body[(start + Open.Length)..end].Trim();
        var number = status.ToString(CultureInfo.InvariantCulture) + " ";
        return title.StartsWith(number, StringComparison.Ordinal) ? title[number.Length..] : title;
    }

    private static string Incident(string body)
    {
        const string Mark = "<center>incident ";
        const int Digits = 16;
        var at = body.IndexOf(Mark, StringComparison.Ordinal);
        return at >= 0 && body.Length >= at + Mark.Length + Digits && body.AsSpan(at + Mark.Length, Digits) is var number && !number.ContainsAnyExcept("0123456789abcdef")
            ? number.ToString()
            : "";
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
