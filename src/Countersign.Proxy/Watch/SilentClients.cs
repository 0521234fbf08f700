namespace Countersign.Proxy.Watch;

/// <summary>
/// Addresses that connect and say nothing: health checks of balancers do so every few seconds. One an hour is a refusal worth keeping; all of
/// them would push everybody else's out of the ledger. Any thread.
/// </summary>
internal sealed class SilentClients
{
    private const long Hour = 3600;
    private const int Most = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);

    /// <returns>Whether this one is to be told of.</returns>
    public bool TryTake(string address, long second)
    {
        lock (_gate)
        {
            if (_told.TryGetValue(address, out var last) && second - last is >= 0 and < Hour)
            {
                return false;
            }
            if (_told.Count >= Most)
            {
                _told.Clear();
            }
            _told[address] = second;
            return true;
        }
    }
}
