namespace Countersign.Native;

/// <summary>A call of the C library failed where only start-up code calls it. Hot paths get the error number instead.</summary>
public sealed class NativeCallException : Exception
{
    public NativeCallException(string call, int error)
        : base($"{call} failed ({Math.Abs(error)}: {Errno.Text(error)})")
    {
        Call = call;
        Error = Math.Abs(error);
    }

    public string Call { get; }

    public int Error { get; }

    public static void ThrowIfFailed(int result, string call)
    {
        if (result < 0)
        {
            throw new NativeCallException(call, result);
        }
    }
}
