using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;

namespace Countersign.Lint;

/// <summary>A configuration that has passed the test, with what was made of it, as the rules look at it.</summary>
internal sealed class LintCase
{
    private readonly ServerContexts _contexts;
    private readonly ILookup<ServerPlan, LocationPlan> _locations;

    public LintCase(HttpPlan http, ServerContexts contexts, DateTimeOffset now)
    {
        _contexts = contexts;
        Now = now;
        ReloadCommand = LintText.Of(http.ReloadCommand);
        _locations = http.Locations.ToLookup(location => location.Server);
        Addresses =
        [
            .. http.Listens.SelectMany(listen => listen.Addresses).Where(address => address.Ssl).Select(address => new LintAddress(address)),
        ];
        var reached = Addresses.SelectMany(address => address.Servers).ToHashSet();
        Asking = [.. http.Servers.Where(server => reached.Contains(server) && server.Ssl is { VerifyClient: not VerifyClient.Off, RejectHandshake: false })];
        Variables = new VariableOrigins(http);
        Bundles = LintBundles.Read(Asking.Where(server => !TurnedAway.By(server)), contexts, now);
    }

    public DateTimeOffset Now { get; }

    /// <summary>For advice to paste.</summary>
    public string ReloadCommand { get; }

    /// <summary>Those that speak TLS.</summary>
    public IReadOnlyList<LintAddress> Addresses { get; }

    /// <summary>Servers that clients can reach over TLS and that ask them for a certificate.</summary>
    public IReadOnlyList<ServerPlan> Asking { get; }

    public VariableOrigins Variables { get; }

    /// <summary>What those of <see cref="Asking"/> trust that let anybody in.</summary>
    public IReadOnlyList<LintBundle> Bundles { get; }

    /// <summary>The server itself and all that is in it, in no particular order.</summary>
    public IEnumerable<LocationPlan> LocationsOf(ServerPlan server) => _locations[server];

    /// <summary>What clients of that server are verified against; null when it has no say in a handshake.</summary>
    public TlsTrust? TrustOf(ServerPlan server) => _contexts.TrustOf(server);
}
