namespace Countersign.Native;

public enum NativeObject
{
    Context,
    Connection,
    Certificate,
    Session,
    Credential,
}

/// <summary>How many OpenSSL objects this process owns. A number that only grows is a missing Dispose.</summary>
public static class NativeObjects
{
    private static readonly long[] Counts = new long[5 * Stride];

    // A cache line apart: connections of different loops count here at every handshake.
    private const int Stride = 8;

    public static long Live(NativeObject kind) => Interlocked.Read(ref Counts[(int)kind * Stride]);

    internal static void Add(NativeObject kind) => Interlocked.Increment(ref Counts[(int)kind * Stride]);

    internal static void Remove(NativeObject kind) => Interlocked.Decrement(ref Counts[(int)kind * Stride]);
}
