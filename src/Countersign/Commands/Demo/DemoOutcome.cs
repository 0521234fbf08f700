using System.Globalization;
using Countersign.Refusals;

namespace Countersign.Commands.Demo;

/// <summary>What came of a case: what the client saw, what the logs say, what reached the backend.</summary>
internal sealed class DemoOutcome
{
    public DemoOutcome(DemoCase asked, DemoSight sight, IReadOnlyList<string> log, RefusalEntry? refusal, IReadOnlyList<DemoBackendRequest> backend)
    {
        Case = asked;
        Sight = sight;
        Log = log;
        Refusal = refusal;
        Backend = backend;
        LogLine = log.FirstOrDefault(line => asked.Expected.Log is { } part && line.Contains(part, StringComparison.Ordinal)) ?? log.LastOrDefault();
        Deviations = [.. Compare()];
    }

    public DemoCase Case { get; }

    public DemoSight Sight { get; }

    /// <summary>Every line of the error log that this case caused.</summary>
    public IReadOnlyList<string> Log { get; }

    /// <summary>The line that tells the case; null when there is none.</summary>
    public string? LogLine { get; }

    /// <summary>Why the gate refused it; null when it did not, and at a server that gives no reasons.</summary>
    public RefusalEntry? Refusal { get; }

    public IReadOnlyList<DemoBackendRequest> Backend { get; }

    /// <summary>In what it did not go as it should, a sentence each.</summary>
    public IReadOnlyList<string> Deviations { get; }

    public bool IsAsExpected => Deviations.Count == 0;

    /// <summary>0 when each went as it should, otherwise 1.</summary>
    public static int ExitCode(IEnumerable<DemoOutcome> outcomes) => outcomes.All(outcome => outcome.IsAsExpected) ? 0 : 1;

    private IEnumerable<string> Compare()
    {
        var expected = Case.Expected;
        if (Sight.Status != expected.Status)
        {
            yield return $"expected {Status(expected.Status)}, the client saw {Status(Sight.Status)}";
        }
        if (expected.Title is { } title && Sight.Title != title)
        {
            yield return $"expected the page \"{title}\", the client saw \"{Sight.Title}\"";
        }
        if (Sight.Alert != expected.Alert)
        {
            yield return $"expected {Alert(expected.Alert)}, the client saw {Alert(Sight.Alert)}";
        }
        if (expected.Log is { } part && LogLine?.Contains(part, StringComparison.Ordinal) != true)
        {
            yield return $"expected a line with \"{part}\" in the error log";
        }
        if (expected.Log is null && LogLine is not null)
        {
            yield return "expected nothing in the error log";
        }
        if (Refusal?.Id != expected.Reason)
        {
            yield return $"expected {Reason(expected.Reason)}, the gate gave {Reason(Refusal?.Id)}";
        }
        if (BackendDeviation() is { } backend)
        {
            yield return backend;
        }
    }

    private string? BackendDeviation() => (Case.Expected.Verify, Backend) switch
    {
        (null, []) => null,
        (null, _) => "expected nothing at the backend, which received the request",
        ({ } verify, [var request]) when request.Verify.StartsWith(verify, StringComparison.Ordinal) => null,
        ({ } verify, [var request]) => $"expected X-SSL-Verify {verify} at the backend, which received \"{request.Verify}\"",
        (_, var requests) => $"expected one request at the backend, which received {requests.Count.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string Status(int? status) => status is { } number ? "status " + number.ToString(CultureInfo.InvariantCulture) : "no status";

    private static string Reason(string? id) => id is null ? "no reason" : "the reason " + id;

    private static string Alert(int? alert) => alert is { } number ? "TLS alert " + number.ToString(CultureInfo.InvariantCulture) : "no TLS alert";
}
