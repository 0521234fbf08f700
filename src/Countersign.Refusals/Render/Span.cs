namespace Countersign.Refusals;

/// <summary>A length of time as people say it: its largest unit, and the next one when it is short.</summary>
public static class Span
{
    public static string Of(TimeSpan span)
    {
        span = span.Duration();
        return span switch
        {
            { TotalDays: >= 730 } => $"{(int)(span.TotalDays / 365.25)} years",
            { TotalDays: >= 3 } => $"{(int)span.TotalDays} days",
            { TotalHours: >= 2 } => $"{(int)span.TotalHours} hours",
            { TotalMinutes: >= 2 } => $"{(int)span.TotalMinutes} minutes",
            { TotalSeconds: >= 2 or 0 } => $"{(int)span.TotalSeconds} seconds",
            _ => "a second",
        };
    }
}
