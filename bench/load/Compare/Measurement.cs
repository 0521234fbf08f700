namespace Countersign.Load.Compare;

/// <param name="Value">In the row's unit.</param>
/// <param name="PerSecond">Operations a second as the clients saw them; bounded by the clients' core, so no measure of the server.</param>
internal sealed record Measurement(string Subject, string Row, string Unit, int Round, double Value, double? PerSecond = null);
