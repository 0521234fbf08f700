namespace Countersign.Refusals;

/// <summary>Who has to change something before the client gets in.</summary>
public enum Blame
{
    /// <summary>Whoever runs the client.</summary>
    Client,

    /// <summary>Whoever runs the gate.</summary>
    Operator,

    /// <summary>Whoever issues the certificates or CRLs.</summary>
    Authority,

    /// <summary>Something between the two: a balancer, a firewall, an intercepting proxy.</summary>
    Network,

    /// <summary>Nothing is wrong; it happens with correct clients and gates.</summary>
    Nobody,
}

/// <summary>How far the evidence carries.</summary>
public enum Confidence
{
    /// <summary>The evidence admits no other cause.</summary>
    Proved,

    /// <summary>Others would be unusual.</summary>
    Likely,

    /// <summary>One of several that fit.</summary>
    Possible,
}
