namespace Countersign.Proxy.Upstream;

/// <summary>One write to the client that may take its time while the backend is read on. Whoever waits is woken when it is over.</summary>
internal sealed class PendingWrite
{
    private readonly Action _over;
    private ValueTask<int> _task;
    private bool _hasTask;
    private int _result;

    public PendingWrite(Readiness wake) => _over = () =>
    {
        IsPending = false;
        wake.Signal();
    };

    public bool IsPending { get; private set; }

    /// <summary>Of the last write, once it is not pending any more; 0 before the first.</summary>
    public int Result
    {
        get
        {
            if (_hasTask)
            {
                _hasTask = false;
                _result = _task.GetAwaiter().GetResult();
            }
            return _result;
        }
    }

    public void Reset()
    {
        _hasTask = IsPending = false;
        _result = 0;
    }

    public void Start(ValueTask<int> task)
    {
        _task = task;
        _hasTask = true;
        if (!task.IsCompleted)
        {
            IsPending = true;
            task.GetAwaiter().UnsafeOnCompleted(_over);
        }
    }
}
