using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary>
/// A listening socket on one loop: takes new clients, a few a turn, as long as there is room for them. Who is there comes before who
/// is new: a client that leaves and comes back is seen to leave first.
/// </summary>
public sealed class Listener : Pollable, IDisposable
{
    /// <summary>Clients taken in one turn: the others' requests are not kept waiting by a rush of newcomers.</summary>
    private const int PerTurn = 8;
    /// <summary>Pause after the process ran out of descriptors; nginx's <c>accept_mutex_delay</c>.</summary>
    private const int PauseMilliseconds = 500;
    /// <summary>After that many clients it is the turn of another loop: the kernel wakes the same one first, again and again.</summary>
    private const int TakenInARow = 16;

    private readonly Worker _worker;
    private readonly Resumption _resumption;
    private readonly List<Client> _newcomers = new(PerTurn);
    private bool _listens;
    private int _taken;

    public Listener(Worker worker, ListeningSocket socket)
    {
        _worker = worker;
        Plan = socket.Plan;
        Descriptor = socket.Of(worker.Loop.Number);
        _resumption = new Resumption(this);
        Listen();
    }

    /// <summary>Stays open when the listener goes.</summary>
    public int Descriptor { get; }

    /// <summary>Whom it serves, of the generation in force on this loop.</summary>
    public ListenPlan Plan { get; set; }

    internal override bool ComesLast => true;

    protected internal override void OnReady(EpollFlags flags)
    {
        Take();
        // Served when all are taken: what a client does once it has its answer is an event of a later turn.
        foreach (var client in _newcomers)
        {
            _worker.Serve(client);
        }
        _newcomers.Clear();
    }

    private void Take()
    {
        SocketAddress peer = default;
        for (var taken = 0; taken < PerTurn && _listens; taken++)
        {
            var descriptor = Socket.Accept(Descriptor, ref peer);
            if (descriptor >= 0)
            {
                Take(descriptor, peer);
                if (++_taken % TakenInARow == 0 && _listens)
                {
                    GoToTheEnd();
                }
            }
            else if (descriptor == -Errno.Again)
            {
                return;
            }
            else if (descriptor != -Errno.Interrupted && !GoesOnAfter(-descriptor))
            {
                return;
            }
        }
    }

    private void Take(int descriptor, in SocketAddress peer)
    {
        var newcomer = new Newcomer(_worker.Generation, Plan, descriptor, peer);
        // With reuseport it is the kernel that shares clients out, among the loops' own sockets.
        if (!Plan.ReusePort && _worker.Share.InsteadOf(_worker) is { } other && other.Reception.TryAdd(newcomer))
        {
            return;
        }
        if (newcomer.Enter(_worker) is { } client)
        {
            _newcomers.Add(client);
        }
    }

    /// <summary>Levels as nginx's.</summary>
    private bool GoesOnAfter(int error)
    {
        var level = error switch
        {
            Errno.ConnectionAborted => LogLevel.Error,
            Errno.TooManyFiles or Errno.TableFull => LogLevel.Crit,
            _ => LogLevel.Alert,
        };
        Log(level, $"accept4() failed ({error}: {Errno.Text(error)})");
        if (level == LogLevel.Crit)
        {
            Pause();
        }
        return level == LogLevel.Error;
    }

    private void GoToTheEnd()
    {
        _worker.Loop.RemoveOpen(this, Descriptor);
        Listen();
    }

    private void Pause()
    {
        if (_listens)
        {
            _listens = false;
            _worker.Loop.RemoveOpen(this, Descriptor);
            _worker.Loop.SetTimer(_resumption, PauseMilliseconds);
        }
    }

    private void Listen()
    {
        // Level-triggered, so that clients left for the next turn are announced again; exclusive, so that one loop wakes for one client.
        var result = _worker.Loop.Add(this, Descriptor, EpollFlags.In | EpollFlags.Exclusive);
        _listens = result == 0;
        if (!_listens)
        {
            Log(LogLevel.Alert, $"epoll_ctl() failed ({-result}: {Errno.Text(-result)})");
        }
    }

    private void Log(LogLevel level, string text) => _worker.Generation.ErrorLog.Write(_worker.Generation.Plan.Main.ErrorLogs, level, text);

    /// <summary>Takes no more clients on this loop; the socket itself stays open.</summary>
    public void Dispose()
    {
        _worker.Loop.CancelTimer(_resumption);
        if (_listens)
        {
            _listens = false;
            _worker.Loop.RemoveOpen(this, Descriptor);
        }
    }

    private sealed class Resumption(Listener listener) : LoopTimer
    {
        protected internal override void OnDue() => listener.Listen();
    }
}
