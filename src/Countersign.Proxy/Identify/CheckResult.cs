namespace Countersign.Proxy.Identify;

/// <summary>What a client's certificate, or the lack of one, means for a request.</summary>
/// <param name="Status">0 for a client that is let in, or 421, 495, 496, 497.</param>
public readonly record struct CheckResult(int Status, CheckRule Rule = CheckRule.Nginx);

/// <summary>Whose rule turned a client away.</summary>
public enum CheckRule
{
    Nginx,

    /// <summary>Verified by the server of the handshake, which trusts others than the one that the Host addresses. nginx lets it in.</summary>
    SameTrust,

    /// <summary>Verified by a server that trusts the same, and not asked about (ssl_ocsp) as the one that the Host addresses has it. nginx lets it in.</summary>
    SameStatus,

    /// <summary>The plan that a reload has put in force would refuse the client. nginx goes on by the old one.</summary>
    NewestPlan,
}
