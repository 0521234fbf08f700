using System.Globalization;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// Where a finished <see cref="Refusal"/> goes: the refusal log, the ledger, and whoever follows on the socket. All of it happens on a thread of
/// its own, in order; what comes faster than refusal_log_limit is counted and not kept.
/// </summary>
/// <param name="logs">Has every refusal log and ledger file of the plan open.</param>
/// <param name="report">Hears of files and sockets that fail; possibly on any thread.</param>
public sealed class RefusalWatch(LogFiles logs, TimeProvider time, Action<LogLevel, string> report) : IDisposable
{
    /// <summary>Bytes of chains that may wait for the thread.</summary>
    private const long MostWaiting = 4 * 1024 * 1024;
    private const int LeftOutMilliseconds = 1000;

    private readonly RefusalLimit _limit = new();
    private readonly RefusalLedger _ledger = new();
    private Loop? _loop;
    private Thread? _thread;
    private RefusalSocket? _socket;
    private int _bound = -1;
    private string? _socketPath;
    private string? _ledgerFile;
    private long _waiting;
    private long _reportedSecond = long.MinValue / 2;

    /// <summary>What clients did before.</summary>
    internal ClientMemory Memory { get; } = new();

    internal SilentClients Silent { get; } = new();

    /// <summary>The socket that is open, or null.</summary>
    public string? SocketPath => _socketPath;

    /// <summary>Opens the plan's socket, while that may still take root. A gate without one serves all the same.</summary>
    public void Open(RefusalPlan plan, UserIdentity? owner)
    {
        var path = plan.Socket is { } text ? ByteText.ToUnicode(text) : null;
        if (path == _socketPath)
        {
            return;
        }
        CloseSocket();
        if (path is null)
        {
            return;
        }
        if (RefusalSocket.Open(path, owner, out _bound) is { } wrong)
        {
            report(LogLevel.Notice, $"no refusal_socket, so \"countersign tail\" and \"countersign incident\" will not work: {wrong}");
            return;
        }
        _socketPath = path;
    }

    /// <summary>By this plan from now on. Starts the thread the first time.</summary>
    public void Use(RefusalPlan plan)
    {
        _limit.PerSecond = plan.LogLimit;
        if (_thread is null)
        {
            var loop = _loop = new Loop(-1, time, fault => report(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}"));
            _socket = new RefusalSocket(loop, _ledger);
            _thread = new Thread(() =>
            {
                Credentials.GiveUp();
                loop.Run();
            })
            { Name = "refusals", IsBackground = true };
            _thread.Start();
        }
        var listener = _bound;
        _bound = -1;
        _loop!.Post(() =>
        {
            _ledger.Keep(plan.Kept);
            _ledgerFile = plan.LedgerFile;
            if (listener >= 0)
            {
                _socket!.Use(listener);
            }
        });
    }

    /// <summary>
    /// Asked on a client's loop before a refusal is explained: a flood of refused clients costs no more than the limit lets through. One that is
    /// told true has been counted and is not to be reported.
    /// </summary>
    public bool IsFull(RefusalSettings settings)
    {
        if (_loop is not { } loop || !_limit.IsFull(time.GetUtcNow().ToUnixTimeSeconds(), settings.Log, out var isFirst))
        {
            return false;
        }
        TellLater(loop, isFirst);
        return true;
    }

    /// <summary>Called on a client's loop: takes the refusal and returns. Never throws.</summary>
    /// <returns>False when it is not kept: there were too many in this second.</returns>
    public bool Report(RefusalSettings settings, Refusal refusal)
    {
        if (_loop is not { } loop)
        {
            return false;
        }
        var bytes = refusal.Presented.Sum(certificate => (long)certificate.Length) + 1024;
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        if (!_limit.TryTake(second, Volatile.Read(ref _waiting) < MostWaiting, settings.Log, out var isFirst))
        {
            TellLater(loop, isFirst);
            return false;
        }
        Interlocked.Add(ref _waiting, bytes);
        loop.Post(() =>
        {
            Interlocked.Add(ref _waiting, -bytes);
            Write(settings, refusal);
        });
        return true;
    }

    /// <summary>While that may still take what the gate's user may not: the socket's name goes.</summary>
    public void CloseSocket()
    {
        if (_bound >= 0)
        {
            _ = Socket.Close(_bound);
            _bound = -1;
        }
        if (_socketPath is { } path)
        {
            _socketPath = null;
            _ = FileDescriptor.Unlink(path);
            _loop?.Post(() => _socket!.Use(-1));
        }
    }

    private void TellLater(Loop loop, bool isFirst)
    {
        if (isFirst)
        {
            loop.Post(() => loop.SetTimer(new LeftOutTimer(this), LeftOutMilliseconds));
        }
    }

    private void Write(RefusalSettings settings, Refusal refusal)
    {
        var entry = RefusalEntry.Of(refusal);
        if (settings.Log is { } log)
        {
            Append(log.Path, log.IsText ? Encoding.UTF8.GetBytes(RefusalLine.Of(entry)) : RefusalJson.Line(entry));
        }
        if (_socket!.HasFollowers)
        {
            _socket.Tell(RefusalJson.Line(entry));
        }
        var whole = RefusalJson.Whole(entry, refusal.Presented);
        _ledger.Add(refusal.Incident, whole);
        if (_ledgerFile is { } file)
        {
            Append(file, whole);
        }
    }

    private void WriteLeftOut()
    {
        var now = time.GetUtcNow();
        foreach (var (log, count) in _limit.TakeLeftOut())
        {
            var json = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{{\"v\":{RefusalJson.Version},\"time\":\"{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\",\"left_out\":{count}}}"));
            if (log is not null)
            {
                Append(log.Path, log.IsText ? Encoding.ASCII.GetBytes(RefusalLine.OfLeftOut(now, count)) : json);
            }
            _socket!.Tell(json);
        }
    }

    private void Append(string path, byte[] line)
    {
        if (logs.Find(path) is not { } file)
        {
            return;
        }
        var result = file.Write((byte[])[.. line, (byte)'\n']);
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        if (result != 0 && second - _reportedSecond > 59)
        {
            _reportedSecond = second;
            report(LogLevel.Alert, result < 0
                ? $"write() to \"{file.Path}\" failed ({-result}: {Errno.Text(-result)})" : $"write() to \"{file.Path}\" was incomplete: {result} of {line.Length + 1}");
        }
    }

    /// <summary>What has been reported is written before this returns.</summary>
    public void Dispose()
    {
        CloseSocket();
        if (_loop is not { } loop)
        {
            return;
        }
        loop.Post(() =>
        {
            WriteLeftOut();
            _socket!.Close();
            loop.Stop();
        });
        _thread!.Join();
        _loop = null;
        loop.Dispose();
    }

    private sealed class LeftOutTimer(RefusalWatch watch) : LoopTimer
    {
        protected internal override void OnDue() => watch.WriteLeftOut();
    }
}
