namespace Countersign.Load.Compare;

/// <summary>One figure of one server, ready to be taken as often as its row asks for it.</summary>
internal abstract class Gauge : IDisposable
{
    /// <exception cref="LoadException">The figure would be wrong, or the server cannot do this.</exception>
    public abstract Reading Take();

    public virtual void Dispose()
    {
    }

    public static Gauge Of(Func<double> take) => new Simple(take);

    private sealed class Simple(Func<double> take) : Gauge
    {
        public override Reading Take() => new(take());
    }
}

/// <param name="Value">In the row's unit.</param>
/// <param name="PerSecond">Operations a second as the clients saw them; bounded by the clients' core, so no measure of the server.</param>
/// <param name="IsDoubtful">The clients could not do what they were to: the machine had too much else to do.</param>
internal readonly record struct Reading(double Value, double? PerSecond = null, bool IsDoubtful = false)
{
    public static Reading Mean(IReadOnlyCollection<Reading> readings) => new(
        readings.Average(one => one.Value), readings.Average(one => one.PerSecond), readings.Any(one => one.IsDoubtful));
}
