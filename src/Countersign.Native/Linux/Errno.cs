using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>
/// The error numbers the engine tells apart, and their text. Calls in this folder return a negative error number
/// instead of throwing: on the hot path a refused connection is an outcome, not an exception.
/// The numbers are those of x64 and arm64, where they are the same.
/// </summary>
public static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int BadDescriptor = 9;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int TableFull = 23;
    public const int TooManyFiles = 24;
    public const int NoSpace = 28;
    public const int BrokenPipe = 32;
    public const int NameTooLong = 36;
    public const int TooManyLinks = 40;
    public const int ConnectionAborted = 103;
    public const int ConnectionReset = 104;
    public const int NotConnected = 107;
    public const int AddressInUse = 98;
    public const int AddressNotAvailable = 99;
    public const int NetworkDown = 100;
    public const int NetworkUnreachable = 101;
    public const int NoBuffers = 105;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
    public const int HostDown = 112;
    public const int HostUnreachable = 113;
    public const int InProgress = 115;

    private static readonly string?[] Texts = new string?[256];

    /// <summary>The C library's text, for example "Connection refused"; log lines carry it word for word.</summary>
    public static string Text(int error)
    {
        error = Math.Abs(error);
        if (error < Texts.Length && Texts[error] is { } known)
        {
            return known;
        }
        var text = NativeProcess.ErrorText(error);
        if (error < Texts.Length)
        {
            Texts[error] = text;
        }
        return text;
    }

    /// <summary>Must follow its call directly: the runtime stores the number at the end of the call.</summary>
    internal static int Of(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    internal static long Of(long result) => result >= 0 ? result : -(long)Marshal.GetLastPInvokeError();
}
