namespace Countersign.Proxy;

/// <summary>A deadline on a loop. The owner keeps the object and sets it again and again; setting allocates nothing.</summary>
public abstract class LoopTimer
{
    /// <summary>Place in the loop's heap, or -1 while it is not running.</summary>
    internal int HeapIndex = -1;

    internal long Due;

    public bool IsRunning => HeapIndex >= 0;

    protected internal abstract void OnDue();
}

/// <summary>The deadlines of one loop: a binary heap whose entries know their place, so that any can be taken out.</summary>
internal sealed class TimerHeap
{
    private LoopTimer[] _heap = new LoopTimer[64];

    public int Count { get; private set; }

    public LoopTimer? First => Count > 0 ? _heap[0] : null;

    public void Set(LoopTimer timer, long due)
    {
        timer.Due = due;
        if (timer.HeapIndex < 0)
        {
            if (Count == _heap.Length)
            {
                Array.Resize(ref _heap, Count * 2);
            }
            Put(timer, Count++);
        }
        Up(timer.HeapIndex);
        Down(timer.HeapIndex);
    }

    public void Remove(LoopTimer timer)
    {
        var hole = timer.HeapIndex;
        if (hole < 0)
        {
            return;
        }
        timer.HeapIndex = -1;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (last != timer)
        {
            Put(last, hole);
            Up(hole);
            Down(last.HeapIndex);
        }
    }

    private void Up(int index)
    {
        var timer = _heap[index];
        while (index > 0 && _heap[(index - 1) / 2] is var parent && timer.Due < parent.Due)
        {
            Put(parent, index);
            index = (index - 1) / 2;
        }
        Put(timer, index);
    }

    private void Down(int index)
    {
        var timer = _heap[index];
        for (int child; (child = (2 * index) + 1) < Count; index = child)
        {
            if (child + 1 < Count && _heap[child + 1].Due < _heap[child].Due)
            {
                child++;
            }
            if (_heap[child].Due >= timer.Due)
            {
                break;
            }
            Put(_heap[child], index);
        }
        Put(timer, index);
    }

    private void Put(LoopTimer timer, int index)
    {
        _heap[index] = timer;
        timer.HeapIndex = index;
    }
}
