using System.Globalization;

namespace Countersign.Refusals;

/// <summary>
/// The facts behind a reason, in the order in which they are worth reading. Values are texts, numbers, truths, moments or lists of texts: what JSON,
/// a terminal and a page can all show. Nothing in it grows with what a client sends: texts and lists are cut and say so.
/// </summary>
public sealed class Evidence
{
    /// <summary>Characters of one text.</summary>
    public const int LongestText = 1024;

    /// <summary>Entries of one list.</summary>
    public const int LongestList = 32;

    private readonly List<KeyValuePair<string, object>> _facts = [];

    public IReadOnlyList<KeyValuePair<string, object>> Facts => _facts;

    public static Evidence Of(Reason reason)
    {
        var evidence = new Evidence();
        reason.Describe(evidence);
        return evidence;
    }

    /// <param name="name">snake_case, as in the JSON.</param>
    public Evidence Add(string name, string? value) => value is null ? this : Put(name, Cut(value));

    public Evidence Add(string name, long value) => Put(name, value);

    public Evidence Add(string name, bool value) => Put(name, value);

    public Evidence Add(string name, DateTimeOffset? value) => value is { } moment ? Put(name, moment) : this;

    public Evidence Add(string name, IEnumerable<string> values)
    {
        var list = values.Take(LongestList + 1).Select(Cut).ToList();
        if (list.Count > LongestList)
        {
            list[LongestList] = "...";
        }
        return Put(name, list);
    }

    /// <summary>The names that identify a certificate to whoever looks for it, each with the prefix.</summary>
    public Evidence Add(string prefix, CertificateFacts? certificate)
    {
        if (certificate is null)
        {
            return this;
        }
        return Add(prefix + "_subject", certificate.Subject.ToString())
            .Add(prefix + "_issuer", certificate.Issuer.ToString())
            .Add(prefix + "_serial", certificate.Serial)
            .Add(prefix + "_sha256", certificate.Sha256);
    }

    /// <summary>RFC 3339 in UTC, to the second.</summary>
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A client chooses its texts: <see cref="LongestText"/> characters of them.</summary>
    public static string Cut(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText), "...");

    private Evidence Put(string name, object value)
    {
        _facts.Add(new(name, value));
        return this;
    }
}
