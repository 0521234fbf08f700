namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server beside what it costs another one. A machine changes its speed within seconds, so the two take turns of
/// an eighth of a second, there and back again; where the other one's core is not its own, it goes back on another core.
/// </summary>
internal sealed class RelatedTrial(Trial own, Trial there, Trial? back = null) : Gauge
{
    public override Reading Take()
    {
        var other = there.Take().Value;
        var cost = own.Take().Value + own.Take().Value;
        return new Reading(cost / (other + (back ?? there).Take().Value));
    }

    public override void Dispose()
    {
        own.Dispose();
        there.Dispose();
        back?.Dispose();
    }
}
