using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>Signals, one after another, for the thread that acts on them.</summary>
internal sealed class SignalQueue : IDisposable
{
    public const int WindowChange = 28;

    private readonly BlockingCollection<int> _arrived = [];
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalQueue()
    {
        foreach (var signal in (ReadOnlySpan<int>)
            [
                CurrentProcess.SignalHangUp, CurrentProcess.SignalInterrupt, CurrentProcess.SignalQuit, CurrentProcess.SignalUser1,
                CurrentProcess.SignalUser2, CurrentProcess.SignalTerminate, WindowChange,
            ])
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
            {
                context.Cancel = true;
                _arrived.Add(signal);
            }));
        }
    }

    /// <summary>0 when the time ended first.</summary>
    public int Take(TimeSpan? within = null) =>
        _arrived.TryTake(out var signal, within is { } time ? (int)Math.Max(0, time.TotalMilliseconds) : Timeout.Infinite) ? signal : 0;

    /// <summary>Wakes the waiting thread without a signal.</summary>
    public void Wake() => _arrived.Add(0);

    /// <summary>As nginx names it: <c>1 (SIGHUP)</c>.</summary>
    public static string Name(int signal) => signal switch
    {
        CurrentProcess.SignalHangUp => "1 (SIGHUP)",
        CurrentProcess.SignalInterrupt => "2 (SIGINT)",
        CurrentProcess.SignalQuit => "3 (SIGQUIT)",
        CurrentProcess.SignalUser1 => "10 (SIGUSR1)",
        CurrentProcess.SignalUser2 => "12 (SIGUSR2)",
        CurrentProcess.SignalTerminate => "15 (SIGTERM)",
        WindowChange => "28 (SIGWINCH)",
        _ => signal.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _arrived.Dispose();
    }
}
