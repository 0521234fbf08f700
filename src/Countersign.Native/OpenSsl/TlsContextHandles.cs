namespace Countersign.Native;

/// <summary>
/// One SSL_CTX, and its copies in the libraries of other threads (<see cref="TlsLibrary"/>), each made when its thread first needs it.
/// </summary>
internal sealed class TlsContextHandles
{
    private readonly Func<nint>? _copy;
    private readonly Lock _making = new();
    private readonly int _home = TlsLibrary.Number;

    // By number of the library; the original where there was no copy to be had.
    private nint[] _copies = [];

    /// <param name="copy">Makes one in the calling thread's library, or 0 when there is none to be had; null where the original has to do for all.</param>
    public TlsContextHandles(nint original, Func<nint>? copy)
    {
        (Original, _copy) = (original, copy);
        NativeObjects.Add(NativeObject.Context);
    }

    /// <summary>0 after <see cref="Free"/>.</summary>
    public nint Original { get; private set; }

    /// <summary>For the calling thread's connections.</summary>
    public nint Here
    {
        get
        {
            var number = TlsLibrary.Number;
            if (number == _home || _copy is null || Original == 0)
            {
                return Original;
            }
            var copies = Volatile.Read(ref _copies);
            return number < copies.Length && copies[number] is var known and not 0 ? known : Make(number);
        }
    }

    /// <summary>Not while another thread may ask for its own.</summary>
    /// <param name="before">Called with each.</param>
    public void Free(Action<nint>? before = null)
    {
        foreach (var handle in _copies.Where(handle => handle != 0 && handle != Original).Append(Original))
        {
            before?.Invoke(handle);
            NativeContext.Free(handle);
            NativeObjects.Remove(NativeObject.Context);
        }
        Original = 0;
        _copies = [];
    }

    private nint Make(int number)
    {
        lock (_making)
        {
            var copies = _copies;
            if (number < copies.Length && copies[number] != 0)
            {
                return copies[number];
            }
            // Whoever reads the former array meanwhile finds what it had.
            Array.Resize(ref copies, Math.Max(copies.Length, number + 1));
            var made = _copy!();
            if (made != 0)
            {
                NativeObjects.Add(NativeObject.Context);
            }
            copies[number] = made == 0 ? Original : made;
            Volatile.Write(ref _copies, copies);
            return copies[number];
        }
    }
}
