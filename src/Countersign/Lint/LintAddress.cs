using Countersign.Configuration;

namespace Countersign.Lint;

/// <summary>An address with TLS and the servers on it.</summary>
internal sealed class LintAddress
{
    public LintAddress(AddressPlan plan)
    {
        Default = plan.DefaultServer;
        Text = plan.EndPoint is System.Net.Sockets.UnixDomainSocketEndPoint path ? $"unix:{path}" : plan.EndPoint.ToString()!;
        Servers =
        [
            .. new[] { Default }
                .Concat(plan.Names.Exact.Values).Concat(plan.Names.Leading.Values).Concat(plan.Names.Trailing.Values)
                .Concat(plan.Names.Patterns.Select(pattern => pattern.Value))
                .Distinct(),
        ];
    }

    /// <summary>As <c>listen</c> takes it.</summary>
    public string Text { get; }

    public ServerPlan Default { get; }

    /// <summary>The default one first.</summary>
    public IReadOnlyList<ServerPlan> Servers { get; }
}
