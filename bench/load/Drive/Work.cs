namespace Countersign.Load.Drive;

/// <summary>What one operation is.</summary>
internal enum Work
{
    /// <summary>A connection with a full handshake, one GET, and its end.</summary>
    Full,
    /// <summary>The same for a client that is turned away with 400.</summary>
    Refused,
    /// <summary>The same as the first with a session from an earlier connection.</summary>
    Resumed,
    /// <summary>One GET on a connection that stays.</summary>
    KeepAlive,
    /// <summary>A connection with a full handshake and one GET that stays and is not used again.</summary>
    Hold,
}
