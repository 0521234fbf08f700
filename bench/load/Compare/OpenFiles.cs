using Countersign.Native;

namespace Countersign.Load.Compare;

/// <summary>How many descriptors a process may have; those it starts inherit it.</summary>
internal static class OpenFiles
{
    /// <exception cref="LoadException">The machine allows fewer.</exception>
    public static void MustAllow(int count)
    {
        NativeCallException.ThrowIfFailed(CurrentProcess.OpenFileLimit(out var current, out var maximum), "getrlimit()");
        if (maximum < (ulong)count)
        {
            throw new LoadException($"{count} open files are needed, and the hard limit is {maximum}; ulimit -Hn {count} as root, or a lower --percent");
        }
        if (current < (ulong)count)
        {
            NativeCallException.ThrowIfFailed(CurrentProcess.SetOpenFileLimit(maximum, maximum), "setrlimit()");
        }
    }
}
