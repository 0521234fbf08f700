using System.Globalization;

namespace Countersign.Refusals;

/// <summary>Phrases that the reasons about missing certificates and failed handshakes share.</summary>
internal static class Phrase
{
    private const int MostOfAList = 12;

    /// <summary>What a stranger wrote, in quotes, without control characters and with an end.</summary>
    public static string Quoted(string text) => $"\"{ChainText.Printable(text)}\"";

    /// <summary><c>"api.example" (nginx.conf:12)</c></summary>
    public static string Server(GateFacts server) => $"\"{server.Name}\" ({server.At})";

    /// <summary><c>A, B and C</c>; <c>nothing</c>; cut after a dozen.</summary>
    public static string List(IReadOnlyCollection<string> texts) => texts.Count switch
    {
        0 => "nothing",
        1 => texts.First(),
        > MostOfAList => $"{string.Join(", ", texts.Take(MostOfAList))} and {texts.Count - MostOfAList} more",
        _ => $"{string.Join(", ", texts.Take(texts.Count - 1))} and {texts.Last()}",
    };

    /// <summary>A length of time: <c>0.00005 s</c>, <c>0.021 s</c>, <c>4.2 s</c>, <c>90 s</c>.</summary>
    public static string Time(TimeSpan time) => Seconds(time) + " s";

    /// <summary>The number alone, for evidence.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(
        time.TotalSeconds < 0.001 ? "0.######" : time.TotalSeconds < 1 ? "0.###" : time.TotalSeconds < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);

    /// <summary>Of the gate, for a browser or curl: <c>https://api.example:8443/</c>.</summary>
    public static string Url(string host, int port) => port == 443 ? $"https://{host}/" : $"https://{host}:{port}/";

    /// <summary>How openssl s_client comes to the gate by a name.</summary>
    public static string Connect(string host, int port) => $"-connect {host}:{port} -servername {host}";

    /// <summary>
    /// A name for a command to paste. Hosts that a client sends may have every character that a shell takes for its own: such a name, and a pattern
    /// of the configuration, is left to whoever pastes.
    /// </summary>
    public static string Paste(params IEnumerable<string?> names)
    {
        foreach (var name in names)
        {
            if (name is { Length: > 0 and < 256 } && name != "_" && char.IsAsciiLetterOrDigit(name[0]) && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-'))
            {
                return name;
            }
        }
        return "SERVER_NAME";
    }
}
