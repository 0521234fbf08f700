using System.Globalization;
using Countersign.Testing;

namespace Countersign.Pkits;

/// <summary>A line of pkits.tsv: what PKITS made a case to be, what libssl says of it under nginx's flags, and what that is called here.</summary>
/// <param name="Number">PKITS's: <c>4.4.7</c>; in the file with a star where a delta counts as a list.</param>
/// <param name="Message">Its file in smime/, without Signed and .eml.</param>
/// <param name="IsValid">What PKITS says under its default settings.</param>
/// <param name="Error">nginx's number for the refusal; 0 where it lets the client in.</param>
/// <param name="Id">Of the refusal; empty where there is none.</param>
/// <param name="Because">Which defect the id names, or why nginx and PKITS differ.</param>
public sealed record Expectation(string Number, string Message, bool IsValid, int Error, string Id, string Because)
{
    private const char WithDeltas = '*';

    public static IReadOnlyList<Expectation> All { get; } = Read();

    public static Expectation Of(string number) => All.Single(one => one.Number == number);

    /// <summary>As a server's name.</summary>
    public string Server => "t" + Number.Replace('.', '-');

    /// <summary>Of two lines for one case the one that holds for the libssl that is here.</summary>
    private static List<Expectation> Read()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "pkits.tsv")).Where(line => !line.StartsWith('#')).Select(Parse).ToList();
        var withDeltas = lines.Where(one => one.Number.EndsWith(WithDeltas)).ToDictionary(one => one.Number.TrimEnd(WithDeltas));
        var leftOut = DeltaLists.AreLeftOut.GetAwaiter().GetResult();
        return
        [
            .. lines.Where(one => !one.Number.EndsWith(WithDeltas))
                .Select(one => !leftOut && withDeltas.TryGetValue(one.Number, out var other) ? other with { Number = one.Number } : one),
        ];
    }

    private static Expectation Parse(string line) => line.Split('\t') switch
    {
        [var number, var message, ("valid" or "invalid") and var label, var error, var id, var because] =>
            new(number, message, label == "valid", error == "ok" ? 0 : int.Parse(error, CultureInfo.InvariantCulture), id == "-" ? "" : id, because),
        _ => throw new FormatException($"pkits.tsv: {line}"),
    };
}
