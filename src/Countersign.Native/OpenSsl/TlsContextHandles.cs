namespace Countersign.Native;

/// <summary>
/// One SSL_CTX, and its copies in the libraries of other threads (<see cref="TlsLibrary"/>), each made when its thread first needs it.
/// </summary>
internal sealed class TlsContextHandles
{
    private readonly TlsProtocols _protocols;
    private readonly IReadOnlyList<(string Name, string Value)> _commands;
    private readonly Action<nint> _fill;
    private readonly bool _canBeCopied;
    private readonly Lock _making = new();
    private readonly int _home = TlsLibrary.Number;

    // By number of the library; the original where there was no copy to be had.
    private nint[] _copies = [];

    /// <param name="fill">Gives a new context of these protocols and commands what the original has.</param>
    public TlsContextHandles(
        nint original, TlsProtocols protocols, IReadOnlyList<(string Name, string Value)> commands, Action<nint> fill)
    {
        (Original, _protocols, _commands, _fill) = (original, protocols, commands, fill);
        _canBeCopied = TlsContextSetup.CanBeCopied(commands);
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
            if (number == _home || !_canBeCopied || Original == 0)
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
            var made = Copy();
            if (made != 0)
            {
                NativeObjects.Add(NativeObject.Context);
            }
            copies[number] = made == 0 ? Original : made;
            Volatile.Write(ref _copies, copies);
            return copies[number];
        }
    }

    // A connection is worth more than its own locks: where there is no copy to be had it goes on with the original.
    private nint Copy()
    {
        nint context = 0;
        try
        {
            context = TlsContextSetup.Create(_protocols, _commands);
            _fill(context);
            return context;
        }
        catch (TlsConfigurationException)
        {
            NativeContext.Free(context);
            return 0;
        }
    }
}
