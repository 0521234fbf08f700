using Countersign.Configuration;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy;

/// <summary>
/// One plan being served, with everything that was made from it. Immutable in what it decides; a reload makes another one and
/// swaps the reference. A connection keeps the generation it was accepted under until its next request.
/// </summary>
public sealed class Generation
{
    public required Plan Plan { get; init; }
    public required HttpPlan Http { get; init; }
    /// <summary>TLS contexts by server.</summary>
    public required ServerContexts Tls { get; init; }
    public required IErrorLog ErrorLog { get; init; }
    public required AccessLog AccessLog { get; init; }
    /// <summary>Counts up with every reload, from 1.</summary>
    public required int Number { get; init; }
}
