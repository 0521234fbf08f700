using System.Collections.Concurrent;
using Countersign.Clients.Drivers;

namespace Countersign.Clients.Measure;

/// <summary>Every client in every situation at one gate; made once for all tests.</summary>
public sealed class Measurement
{
    private static readonly Lazy<Task<Measurement>> Once = new(Take);

    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Chromium(), new Java(), new CurlCommand(), new SClientCommand(), new Python(), new Node(), new GnuTlsCommand(), new WgetCommand(), new DotNetCertificates(), new DotNetContext(),
    ];

    public static Task<Measurement> Taken => Once.Value;

    public required IReadOnlyList<Observation> Observations { get; init; }

    public required IReadOnlyList<byte[]> Listed { get; init; }

    /// <summary>Leaf first.</summary>
    public required IReadOnlyDictionary<Situation, IReadOnlyList<byte[]>> Chains { get; init; }

    /// <summary>By name of the driver.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>A browser without a policy closed the connection when it was asked, and made no request for as long as all the others took.</summary>
    public required bool BrowserWaitsForItsUser { get; init; }

    public IEnumerable<Observation> Of(Driver driver) => Observations.Where(one => one.Driver == driver);

    /// <summary>With a matching certificate, at the newest version of TLS.</summary>
    public Observation First(Driver driver) => Of(driver).First(one => one.Situation == Situation.Matching);

    private static async Task<Measurement> Take()
    {
        using var credentials = new Credentials();
        await using var gate = await GateUnderMeasure.Start(credentials);
        var visits = Drivers.ToDictionary(driver => driver, driver => All(gate, credentials, driver.Protocols));
        var unattended = new Visit(Situation.Matching, GateUnderMeasure.Protocols[0], gate.Tap(GateUnderMeasure.Protocols[0]), credentials);
        try
        {
            var seen = new ConcurrentDictionary<Driver, IReadOnlyList<Seen>>();
            var versions = new ConcurrentDictionary<string, string>();
            bool isWaiting;
            await using (var waiting = await Chromium.WithoutPolicy(unattended))
            {
                await Parallel.ForEachAsync(Drivers, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (driver, _) =>
                {
                    versions[driver.Name] = await driver.Version();
                    seen[driver] = await driver.Run(visits[driver]);
                });
                isWaiting = !waiting.HasEnded && unattended.Tap.Connections.Any(connection => connection.IsLeft);
            }
            var records = await gate.Finish();
            return new Measurement
            {
                Observations = [.. Drivers.SelectMany(driver => visits[driver].Zip(seen[driver], (visit, saw) => Observation.Of(driver, visit, saw, records.GetValueOrDefault(visit.Tap.Address.ToString()))))],
                Listed = credentials.Listed,
                Chains = Situations.All.ToDictionary(one => one, one => (IReadOnlyList<byte[]>)[.. credentials.Chain(one).Select(each => each.Certificate.RawData)]),
                Versions = versions,
                BrowserWaitsForItsUser = isWaiting && !records.ContainsKey(unattended.Tap.Address.ToString()),
            };
        }
        finally
        {
            foreach (var visit in visits.Values.SelectMany(all => all).Append(unattended))
            {
                await visit.Tap.DisposeAsync();
            }
        }
    }

    private static List<Visit> All(GateUnderMeasure gate, Credentials credentials, IReadOnlyList<string> protocols) =>
    [
        .. protocols.SelectMany(protocol => Situations.All.Select(situation => new Visit(situation, protocol, gate.Tap(protocol), credentials))),
    ];
}
