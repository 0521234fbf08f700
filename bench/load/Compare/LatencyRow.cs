using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>How long the slowest hundredth of requests on connections that stay take at least, while others make full handshakes beside them.</summary>
internal sealed record LatencyRow() : Row("p99 of keep-alive GET beside 200 handshakes/s", "us", new Target(1.00))
{
    public override bool WarmsUp => true;

    public override Gauge Gauge(Bench bench, Subject subject) => new LatencyGauge(bench, subject);

    private sealed class LatencyGauge : Gauge
    {
        private const int RequestsPerSecond = 2000;
        private const int HandshakesPerSecond = 200;
        private const double Seconds = 1.5;
        private const double LeastPace = 0.95;

        private readonly int _requests;
        private readonly int _handshakes;
        private readonly Driver _clients;
        private readonly Driver _beside;
        private bool _isReady;

        public LatencyGauge(Bench bench, Subject subject)
        {
            (_requests, _handshakes) = (bench.Scaled((int)(RequestsPerSecond * Seconds)), bench.Scaled((int)(HandshakesPerSecond * Seconds)));
            _clients = bench.Drive(
                subject, Keys.P256,
                "--work", $"{Work.KeepAlive}", "--rate", $"{RequestsPerSecond}", "--connections", "16", "--operations", $"{_requests}", "--warm-up", "500");
            // What these clients compute for their handshakes is nobody's latency but their own.
            _beside = bench.Drive(
                subject, Keys.P256, "client",
                ["--work", $"{Work.Full}", "--rate", $"{HandshakesPerSecond}", "--connections", "64", "--operations", $"{_handshakes}", "--warm-up", "32"],
                givesWay: true);
        }

        public override Reading Take()
        {
            if (!_isReady)
            {
                _beside.WaitUntilReady();
                _clients.WaitUntilReady();
                _isReady = true;
            }
            _beside.Go();
            _clients.Go();
            var result = _clients.Result();
            result.MustHaveDone(_requests, resumed: 0);
            _beside.Result().MustHaveDone(_handshakes, resumed: 0);
            var perSecond = _requests / result["seconds"];
            return new Reading(result["p99"], perSecond, IsDoubtful: perSecond < LeastPace * RequestsPerSecond);
        }

        public override void Dispose()
        {
            _clients.Dispose();
            _beside.Dispose();
        }
    }
}
