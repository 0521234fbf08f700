namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server beside what it costs another one. A machine changes its speed within seconds, so the two take turns of a
/// quarter of a second, there and back again.
/// </summary>
internal sealed class RelatedTrial(Trial own, Trial other) : Gauge
{
    public override Reading Take()
    {
        var there = other.Take().Value;
        var cost = own.Take().Value + own.Take().Value;
        return new Reading(cost / (there + other.Take().Value));
    }

    public override void Dispose()
    {
        own.Dispose();
        other.Dispose();
    }
}
