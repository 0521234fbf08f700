using System.Globalization;

namespace Countersign.Commands.Probe;

/// <summary>One line on a terminal for whoever waits longer than a second; it goes again.</summary>
internal sealed class ProbeProgress : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TextWriter _terminal;
    private readonly string _target;
    private readonly Timer? _timer;
    private string _step = "";
    private int _seconds;
    private int _written;

    /// <param name="isTerminal">Otherwise nothing is written.</param>
    public ProbeProgress(TextWriter terminal, bool isTerminal, string target)
    {
        (_terminal, _target) = (terminal, target);
        _timer = isTerminal ? new Timer(_ => Tick(), null, Second, Second) : null;
    }

    public void Tell(string step)
    {
        lock (_gate)
        {
            _step = step;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            Write("");
            _seconds = -1;
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_seconds >= 0)
            {
                _seconds++;
                Write(string.Create(CultureInfo.InvariantCulture, $"asking {_target} {_step}, {_seconds} s"));
            }
        }
    }

    private void Write(string text)
    {
        if (_written > 0)
        {
            _terminal.Write('\r' + new string(' ', _written) + '\r');
        }
        _terminal.Write(text);
        _terminal.Flush();
        _written = text.Length;
    }
}
