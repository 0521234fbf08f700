namespace Countersign.Configuration;

/// <summary>What the whole gate does with refusals.</summary>
public sealed class RefusalPlan
{
    /// <summary>refusal_log_limit: refusals of one second that are written down.</summary>
    public int LogLimit { get; init; } = 100;
    /// <summary>refusal_ledger: refusals kept whole in memory; 0 for none.</summary>
    public int Kept { get; init; } = 1000;
    /// <summary>An absolute path where they are appended to, or null.</summary>
    public string? LedgerFile { get; init; }
    /// <summary>refusal_socket: absolute path of the unix socket that answers <c>countersign incident</c> and <c>tail</c>; null for none.</summary>
    public string? Socket { get; init; }
}

/// <summary>What a server does with its refusals.</summary>
public sealed class RefusalSettings
{
    /// <summary>Null for no log.</summary>
    public RefusalLogPlan? Log { get; init; }
    /// <summary>Of the line in error_log.</summary>
    public LogLevel Level => Log?.Level ?? LogLevel.Warn;
    /// <summary>refusal_page: the incident is shown on the client's page.</summary>
    public bool Page { get; init; } = true;
}

/// <summary>refusal_log.</summary>
/// <param name="Path">Absolute, or <c>stderr</c>.</param>
/// <param name="Level">Of the line in error_log.</param>
/// <param name="IsText">A sentence instead of JSON.</param>
/// <param name="IsDefault">Nobody wrote it: the gate starts without it where the folder does not let it be made.</param>
public sealed record RefusalLogPlan(string Path, LogLevel Level, bool IsText, bool IsDefault);
