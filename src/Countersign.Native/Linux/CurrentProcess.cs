using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Native;

/// <summary>Limits, placement and signals of this process. Results are 0 or a negative error number unless said otherwise.</summary>
public static unsafe class CurrentProcess
{
    public const int SignalHangUp = 1;
    public const int SignalInterrupt = 2;
    public const int SignalQuit = 3;
    public const int SignalUser1 = 10;
    public const int SignalUser2 = 12;
    public const int SignalBrokenPipe = 13;
    public const int SignalTerminate = 15;

    /// <summary>libssl writes with write(2), which knows no MSG_NOSIGNAL: unless ignored, a client that leaves kills the process.</summary>
    public static void IgnoreBrokenPipe() => _ = NativeProcess.Signal(SignalBrokenPipe, NativeProcess.Ignore);

    /// <summary>
    /// A shell starts what runs in the background with INT and QUIT ignored, nohup with HUP, and the runtime leaves a signal alone that
    /// was ignored when it began. Then the program is begun again in the same process, with all at their default. Returns when nothing
    /// was ignored.
    /// </summary>
    public static void StopIgnoring(ReadOnlySpan<int> signals, IReadOnlyList<string> arguments)
    {
        var ignored = false;
        foreach (var signal in signals)
        {
            ignored |= NativeProcess.Signal(signal, 0) == NativeProcess.Ignore;
        }
        if (!ignored)
        {
            return;
        }
        var words = stackalloc byte*[arguments.Count + 2];
        for (var index = 0; index <= arguments.Count; index++)
        {
            // Never freed: either the process image goes, or the call failed and it is a few bytes once.
            words[index] = (byte*)Marshal.StringToCoTaskMemUTF8(index == 0 ? Environment.ProcessPath! : arguments[index - 1]);
        }
        words[arguments.Count + 1] = null;
        _ = NativeProcess.Execute(words[0], words);
    }

    public static int Send(int process, int signal) => Errno.Of(NativeProcess.Kill(process, signal));

    public static int ThreadId => (int)NativeProcess.Plain(NativeProcess.ThreadIdNumber);

    public static int NewSession() => Errno.Of(NativeProcess.NewSession());

    /// <summary>Returns the mask that was set before.</summary>
    public static uint SetFileMask(uint mask) => NativeProcess.FileMask(mask);

    public static int OpenFileLimit(out ulong current, out ulong maximum)
    {
        NativeProcess.ResourceLimit limit = default;
        var result = Errno.Of(NativeProcess.GetLimit(NativeProcess.OpenFiles, &limit));
        (current, maximum) = (limit.Current, limit.Maximum);
        return result;
    }

    public static int SetOpenFileLimit(ulong current, ulong maximum)
    {
        var limit = new NativeProcess.ResourceLimit { Current = current, Maximum = maximum };
        return Errno.Of(NativeProcess.SetLimit(NativeProcess.OpenFiles, &limit));
    }

    /// <summary>Niceness of the calling thread and of those it starts later; less than it was needs root.</summary>
    public static int SetThreadPriority(int niceness) => Errno.Of(NativeProcess.SetPriority(0, 0, niceness));

    /// <summary>Binds the calling thread to these processors.</summary>
    public static int BindThread(params ReadOnlySpan<int> processors)
    {
        var mask = stackalloc byte[128];
        new Span<byte>(mask, 128).Clear();
        foreach (var processor in processors)
        {
            if ((uint)processor < 1024)
            {
                mask[processor / 8] |= (byte)(1 << (processor % 8));
            }
        }
        return Errno.Of(NativeProcess.SetAffinity(0, 128, mask));
    }

    /// <summary>The processors the calling thread may run on, lowest first.</summary>
    public static int[] AllowedProcessors()
    {
        var mask = stackalloc byte[128];
        new Span<byte>(mask, 128).Clear();
        if (NativeProcess.GetAffinity(0, 128, mask) < 0)
        {
            return [];
        }
        var allowed = new List<int>();
        for (var processor = 0; processor < 1024; processor++)
        {
            if ((mask[processor / 8] & 1 << (processor % 8)) != 0)
            {
                allowed.Add(processor);
            }
        }
        return [.. allowed];
    }

    /// <summary>
    /// Tells systemd, as sd_notify does ("READY=1", "RELOADING=1", "STOPPING=1", lines joined by a line feed).
    /// Returns 0 when nobody asked, 1 when told, otherwise a negative error number.
    /// </summary>
    public static int NotifyServiceManager(string state)
    {
        var path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path) || path[0] is not ('/' or '@'))
        {
            return 0;
        }
        var address = SocketAddress.FromUnixPath(path);
        var socket = Socket.Open(SocketFamily.Unix, SocketKind.Datagram);
        if (socket < 0)
        {
            return socket;
        }
        try
        {
            var result = Socket.SendTo(socket, Encoding.UTF8.GetBytes(state), in address);
            return result < 0 ? result : 1;
        }
        finally
        {
            _ = Socket.Close(socket);
        }
    }
}
