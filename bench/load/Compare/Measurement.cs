namespace Countersign.Load.Compare;

/// <param name="Value">In the row's unit.</param>
/// <param name="PerSecond">Operations a second as the clients saw them; bounded by the clients' core, so no measure of the server.</param>
/// <param name="IsDoubtful">The clients could not do what they were to: the machine had too much else to do.</param>
internal sealed record Measurement(string Subject, string Row, string Unit, int Round, double Value, double? PerSecond = null, bool IsDoubtful = false);
