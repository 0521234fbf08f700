namespace Countersign.Load.Compare;

/// <summary>Two gauges of one figure in turn: of a round there and back, each is taken once.</summary>
internal sealed class AlternatingGauge(Gauge one, Gauge other) : Gauge
{
    private bool _isOther;

    public override Reading Take()
    {
        var reading = (_isOther ? other : one).Take();
        _isOther = !_isOther;
        return reading;
    }

    public override void Dispose()
    {
        one.Dispose();
        other.Dispose();
    }
}
