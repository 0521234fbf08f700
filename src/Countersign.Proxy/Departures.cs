namespace Countersign.Proxy;

/// <summary>
/// Awaited before something is sent: while others have events in the turn it is kept, and then leaves together with what they have to send. A send
/// wakes whoever waits for it, which costs as much as the send itself; who is awake takes what comes right behind it, too.
/// </summary>
internal sealed class Departures : TurnQueue
{
    /// <summary>Nothing is kept for more than that many others.</summary>
    private const int Most = 32;

    private bool _isHeld;

    public override bool IsCompleted => !_isHeld;

    /// <summary>A turn begins.</summary>
    public void Hold(int events) => _isHeld = events > 1;

    /// <summary>One event of the turn has been dealt with.</summary>
    public void Note(Action<Exception> onFault)
    {
        if (Count >= Most)
        {
            Leave(onFault);
            _isHeld = true;
        }
    }

    /// <summary>What has been kept leaves, and whatever follows from it.</summary>
    public void Leave(Action<Exception> onFault)
    {
        _isHeld = false;
        while (Count > 0)
        {
            RunFirst(onFault);
        }
    }
}
