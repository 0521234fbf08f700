using System.Text;

namespace Countersign.Refusals;

/// <summary>Phrases that the reasons about paths share.</summary>
internal static class ChainText
{
    public static string Of(CertificateFacts certificate, int depth) => depth == 0
        ? $"the client's certificate \"{certificate.Subject}\""
        : $"\"{certificate.Subject}\" at depth {depth}";

    public static string Count(int count, string thing, string? things = null) => count == 1 ? $"1 {thing}" : $"{count} {things ?? thing + "s"}";

    public static string Bundle(TrustFacts trust) => (trust.Bundle, trust.BundleAt) switch
    {
        ("", _) => $"the trusted certificates of server \"{trust.Server}\"",
        (var file, "") => file,
        var (file, at) => $"{file} ({at})",
    };

    public static string BundleDirective(TrustFacts trust) => $"ssl_client_certificate {(trust.Bundle.Length == 0 ? "/path/to/bundle.pem" : trust.Bundle)};";

    /// <summary>What the client can do when another server of the gate would let it in.</summary>
    public static IReadOnlyList<Advice> BelongsTo(TrustFacts? owner) => owner is null
        ? []
        : [new(Blame.Client, $"Connect to \"{owner.Server}\" by its name", $"curl --cert client.pem --key client.key {Phrase.Url(Phrase.Paste(owner.Server), owner.Port)}")];

    /// <summary>A text out of a certificate, for a line of a log: no control characters, no end.</summary>
    public static string Printable(string text)
    {
        var result = new StringBuilder();
        foreach (var symbol in text.AsSpan(0, Math.Min(text.Length, 256)))
        {
            result.Append(char.IsControl(symbol) ? '?' : symbol);
        }
        return result.ToString();
    }
}
