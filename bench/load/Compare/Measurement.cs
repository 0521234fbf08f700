namespace Countersign.Load.Compare;

/// <summary>What a row's gauge said of a subject in one round.</summary>
internal sealed record Measurement(string Subject, string Row, string Unit, int Round, double Value, double? PerSecond, bool IsDoubtful);
