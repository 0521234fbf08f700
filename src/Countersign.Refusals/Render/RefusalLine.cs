using System.Globalization;

namespace Countersign.Refusals;

/// <summary>A refusal in one sentence.</summary>
public static class RefusalLine
{
    /// <summary>nginx cuts a line of its error log at 2048 bytes; the client and the request that follow have to find room.</summary>
    private const int LongestMessage = 1200;

    /// <summary>For the error log: <c>refused (certificate/expired, incident 3f2a...): the client's certificate ...</c>.</summary>
    public static string Of(Refusal refusal) =>
        $"refused ({refusal.Reason.Id}{(refusal.Incident.Length > 0 ? $", incident {refusal.Incident}" : "")}): {Cut(SafeText.Of(refusal.Reason.Message))}";

    /// <summary>For a list of many: <c>2026-11-24T02:17:12Z  certificate/expired  3f2a...  192.0.2.7:4711  the client's certificate ...</c>.</summary>
    public static string Of(RefusalEntry entry) =>
        $"{Evidence.Text(entry.Time)}  {SafeText.Of(entry.Id)}  {SafeText.Of(entry.Incident)}  {SafeText.Of(entry.Client ?? "-")}  {Cut(SafeText.Of(entry.Message))}";

    /// <summary>In such a list, for those that came faster than refusal_log_limit.</summary>
    public static string OfLeftOut(DateTimeOffset time, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{Evidence.Text(time)}  {count} more were left out (refusal_log_limit)");

    private static string Cut(string text) => text.Length <= LongestMessage ? text : string.Concat(text.AsSpan(0, LongestMessage), "...");
}
