using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary>
/// Every listening socket of a plan. A reload takes those over whose address stays, so that no client waiting in a queue is lost;
/// whoever no longer listens to one of them must have left before it is closed.
/// </summary>
public sealed class ListeningSockets
{
    public static readonly ListeningSockets None = new([]);

    private const int Tries = 5;

    private ListeningSockets(IReadOnlyList<ListeningSocket> all) => All = all;

    public IReadOnlyList<ListeningSocket> All { get; }

    /// <summary>Opens what is not open yet. When it throws, <paramref name="before"/> is as it was and nothing more is open.</summary>
    /// <param name="loops">Sockets of an address with <c>reuseport</c>.</param>
    /// <param name="before">Sockets of the plan in force.</param>
    /// <param name="report">Hears what nginx logs in between.</param>
    /// <param name="pause">Waits before another try while somebody else still holds an address: five in all, half a second apart.</param>
    /// <exception cref="ListenException">with nginx's text.</exception>
    public static ListeningSockets Open(
        IReadOnlyList<ListenPlan> plans, int loops, ListeningSockets before, Action<LogLevel, string> report, Action pause)
    {
        var places = Places(plans, loops, before, report);
        try
        {
            GoWithFewer(places, report);
            for (var tries = 1; !OpenMissing(places, report); tries++)
            {
                report(LogLevel.Notice, "try again to bind() after 500ms");
                pause();
                if (tries == Tries)
                {
                    throw new ListenException("still could not bind()");
                }
            }
        }
        catch
        {
            CloseNew(places, report);
            throw;
        }
        foreach (var place in places)
        {
            ListeningSocket.Configure(place.Plan, place.Before, place.Descriptor, report);
        }
        return new ListeningSockets([.. places.GroupBy(place => place.Plan)
            .Select(group => new ListeningSocket(group.Key, [.. group.Select(place => place.Descriptor)]))]);
    }

    /// <summary><c>-t</c>: whether they could be opened, by opening and closing them.</summary>
    /// <exception cref="ListenException">with nginx's text.</exception>
    public static void Test(IReadOnlyList<ListenPlan> plans, Action<LogLevel, string> report)
    {
        foreach (var plan in plans)
        {
            var descriptor = ListeningSocket.TryOpen(plan, isTest: true, report);
            if (descriptor >= 0)
            {
                _ = Socket.Close(descriptor);
            }
        }
    }

    /// <summary>Closes every socket that is not among <paramref name="kept"/>.</summary>
    public void CloseAllBut(ListeningSockets kept)
    {
        var stays = kept.Descriptors;
        foreach (var descriptor in Descriptors.Where(descriptor => !stays.Contains(descriptor)))
        {
            _ = Socket.Close(descriptor);
        }
    }

    /// <summary>Takes their names off the file system, which may be in a folder of root's: on the thread that can.</summary>
    public void UnlinkAllBut(ListeningSockets kept, Action<LogLevel, string> report)
    {
        var stays = kept.Descriptors;
        foreach (var socket in All)
        {
            if (ListeningSocket.PathOf(socket.Plan) is { } path && !stays.Contains(socket.Descriptors[0]))
            {
                if (kept != None)
                {
                    report(LogLevel.Warn, $"deleting socket {path}");
                }
                ListeningSocket.Unlink(path, report);
            }
        }
    }

    private HashSet<int> Descriptors => [.. All.SelectMany(socket => socket.Descriptors)];

    /// <summary>One descriptor to be: of a plan, and perhaps taken over.</summary>
    private sealed record Place(ListenPlan Plan, ListenPlan? Before)
    {
        public int Descriptor { get; set; } = -1;
    }

    private static List<Place> Places(IReadOnlyList<ListenPlan> plans, int loops, ListeningSockets before, Action<LogLevel, string> report)
    {
        var places = new List<Place>();
        foreach (var plan in plans)
        {
            var known = before.All.FirstOrDefault(socket => socket.Plan.Text == plan.Text);
            if (known is not null && plan.ReusePort && !known.Plan.ReusePort && SocketOption.ReusePort(known.Descriptors[0], true) is var result and < 0)
            {
                // Without it on the old socket, new ones cannot be bound beside it.
                report(LogLevel.Alert, $"setsockopt(SO_REUSEPORT) {plan.Text} failed, ignored ({-result}: {Errno.Text(-result)})");
            }
            for (var index = 0; index < (plan.ReusePort ? loops : 1); index++)
            {
                var isKnown = index < known?.Descriptors.Count;
                places.Add(new Place(plan, isKnown ? known!.Plan : null) { Descriptor = isKnown ? known!.Descriptors[index] : -1 });
            }
        }
        return places;
    }

    /// <summary>
    /// More loops, or a <c>reuseport</c> that was not there before, want more sockets of an address that is listened to already. The
    /// kernel gives them to the user of the first one only; one who has given root up since goes on with what there is.
    /// </summary>
    private static void GoWithFewer(List<Place> places, Action<LogLevel, string> report)
    {
        foreach (var plan in places.Where(place => place.Before is not null).Select(place => place.Plan).Distinct().ToArray())
        {
            foreach (var place in places.Where(place => place.Plan == plan && place.Descriptor < 0))
            {
                place.Descriptor = ListeningSocket.TryOpen(plan, isTest: false, static (_, _) => { });
            }
            if (places.RemoveAll(place => place.Plan == plan && place.Descriptor < 0) > 0)
            {
                report(LogLevel.Warn, $"{plan.Text} has fewer sockets than loops until a restart: this process has given root up");
            }
        }
    }

    /// <returns>False when somebody else holds one of the addresses.</returns>
    private static bool OpenMissing(List<Place> places, Action<LogLevel, string> report)
    {
        foreach (var place in places.Where(place => place.Descriptor < 0))
        {
            place.Descriptor = ListeningSocket.TryOpen(place.Plan, isTest: false, report);
        }
        return places.TrueForAll(place => place.Descriptor >= 0);
    }

    private static void CloseNew(List<Place> places, Action<LogLevel, string> report)
    {
        foreach (var place in places.Where(place => place.Descriptor >= 0 && place.Before is null))
        {
            _ = Socket.Close(place.Descriptor);
            if (ListeningSocket.PathOf(place.Plan) is { } path)
            {
                ListeningSocket.Unlink(path, report);
            }
        }
    }
}
