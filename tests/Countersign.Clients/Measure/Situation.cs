namespace Countersign.Clients.Measure;

/// <summary>What a client has when it is asked for a certificate.</summary>
public enum Situation
{
    /// <summary>A good certificate and its intermediate; the gate lists the root.</summary>
    Matching,

    /// <summary>The same of another authority, which the gate trusts and does not list: it stands in ssl_trusted_certificate.</summary>
    NotListed,

    /// <summary>The gate lists its issuer with the same text in another type of string.</summary>
    OtherBytes,

    /// <summary>A good certificate alone, and the gate lists the root only.</summary>
    LeafAlone,

    Expired,

    /// <summary>For TLS servers only, by its extended key usage.</summary>
    ForServers,

    Nothing,
}

public static class Situations
{
    public static IReadOnlyList<Situation> All { get; } = Enum.GetValues<Situation>();

    public static string Title(this Situation situation) => situation switch
    {
        Situation.Matching => "matching",
        Situation.NotListed => "issuer not listed",
        Situation.OtherBytes => "issuer listed in other bytes",
        Situation.LeafAlone => "no intermediate",
        Situation.Expired => "expired",
        Situation.ForServers => "for servers only",
        Situation.Nothing => "none",
    };
}
