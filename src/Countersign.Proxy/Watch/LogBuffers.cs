namespace Countersign.Proxy.Watch;

/// <summary>
/// Lines that are gathered for one file, a buffer for each loop, as each of nginx's workers has its own. Whoever uses a buffer takes it out of its place. A loop that
/// finds the place empty, for its lines are being written out by another thread, does not wait: it writes its line to the file.
/// </summary>
internal sealed class LogBuffers
{
    private sealed class LogBuffer(int size)
    {
        public readonly byte[] Bytes = new byte[size];
        public int Used;
    }

    private readonly LogBuffer?[] _places;
    private readonly int _size;

    /// <param name="size">Lines are gathered until there are that many bytes of them.</param>
    public LogBuffers(int loops, int size, TimeSpan? flushAfter)
    {
        _places = new LogBuffer?[loops];
        (_size, FlushAfter) = (size, flushAfter);
        foreach (ref var place in _places.AsSpan())
        {
            place = new LogBuffer(size);
        }
    }

    /// <summary>Each line is written at once.</summary>
    public static LogBuffers None { get; } = new(0, 0, null);

    public TimeSpan? FlushAfter { get; }

    public bool IsLike(LogBuffers other) => (_places.Length, _size, FlushAfter) == (other._places.Length, other._size, other.FlushAfter);

    /// <inheritdoc cref="LogFile.Write(ReadOnlySpan{byte}, int, out bool)"/>
    public int Write(LogFile file, ReadOnlySpan<byte> line, int loop, out bool begins)
    {
        begins = false;
        if (_places.Length == 0)
        {
            return file.Write(line);
        }
        ref var place = ref PlaceOf(loop);
        if (Interlocked.Exchange(ref place, null) is not { } buffer)
        {
            return file.Write(line);
        }
        var result = line.Length > _size - buffer.Used ? WriteOut(file, buffer) : 0;
        if (line.Length <= _size)
        {
            begins = buffer.Used == 0;
            line.CopyTo(buffer.Bytes.AsSpan(buffer.Used));
            buffer.Used += line.Length;
        }
        else
        {
            result = file.Write(line);
        }
        Volatile.Write(ref place, buffer);
        return result;
    }

    public void Flush(LogFile file, int loop)
    {
        if (_places.Length > 0)
        {
            ref var place = ref PlaceOf(loop);
            if (Interlocked.Exchange(ref place, null) is { } buffer)
            {
                _ = WriteOut(file, buffer);
                Volatile.Write(ref place, buffer);
            }
        }
    }

    public void Flush(LogFile file)
    {
        foreach (ref var place in _places.AsSpan())
        {
            var buffer = Take(ref place);
            _ = WriteOut(file, buffer);
            Volatile.Write(ref place, buffer);
        }
    }

    /// <summary>Writes out what there is. Whoever comes later writes to the file.</summary>
    public void End(LogFile file)
    {
        foreach (ref var place in _places.AsSpan())
        {
            _ = WriteOut(file, Take(ref place));
        }
    }

    /// <summary>A loop that is leaving, and whose number is too high for the latest plan, shares another one's.</summary>
    private ref LogBuffer? PlaceOf(int loop) => ref _places[loop % _places.Length];

    /// <summary>For whoever is no loop: it waits until the loop has put down its line.</summary>
    private static LogBuffer Take(ref LogBuffer? place)
    {
        LogBuffer? buffer;
        for (var wait = default(SpinWait); (buffer = Interlocked.Exchange(ref place, null)) is null; wait.SpinOnce())
        {
        }
        return buffer;
    }

    private static int WriteOut(LogFile file, LogBuffer buffer)
    {
        var used = buffer.Used;
        buffer.Used = 0;
        return used > 0 ? file.Write(buffer.Bytes.AsSpan(0, used)) : 0;
    }
}
