using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// What each server of a plan trusts, in words. Taken from the loaded contexts when the first client is refused, not from the files, which may say
/// something else by then. A list of a million entries takes as long to read as many handshakes, so a loop awaits <see cref="ReadFor"/>: only the
/// client that is refused waits for it. Loops share it.
/// </summary>
/// <param name="start">Has the reading done, on any thread but a loop's.</param>
public sealed class TrustBook(HttpPlan http, ServerContexts contexts, Action<Action> start)
{
    /// <summary>Read on a thread of its own.</summary>
    public TrustBook(HttpPlan http, ServerContexts contexts)
        : this(http, contexts, static reading => new Thread(reading.Invoke) { IsBackground = true, Name = "trust" }.Start())
    {
    }

    private readonly Lock _gate = new();
    private readonly List<Action> _waiting = [];
    private volatile TrustFacts[]? _servers;
    private Exception? _fault;

    public bool IsRead => _servers is not null;

    /// <summary>Awaited by a loop before any question; its continuation runs on that loop.</summary>
    public TrustReading ReadFor(Loop loop) => new(this, loop);

    /// <summary>Reads all of it first where nobody has awaited that.</summary>
    public TrustFacts Of(ServerPlan server) => Servers[server.Id];

    /// <summary>The other servers that ask for certificates; a client may belong to one of them.</summary>
    public IReadOnlyList<TrustFacts> OthersThan(ServerPlan server) =>
        [.. http.Servers.Where(other => other != server && other.Ssl.VerifyClient != VerifyClient.Off && contexts.Of(other) is not null).Select(Of)];

    /// <summary><c>api.example (nginx.conf:12)</c>.</summary>
    public static string Title(ServerPlan server) => $"{NameOf(server)} ({At(server.Position)})";

    /// <summary>file:line; empty without.</summary>
    public static string At(SourcePosition? position) => position is null ? "" : $"{ByteText.ToUnicode(position.File)}:{position.Line}";

    /// <summary>Its first name; <c>_</c> without.</summary>
    public static string NameOf(ServerPlan server) => server.Name.Length == 0 ? "_" : ByteText.ToUnicode(server.Name);

    private TrustFacts[] Servers
    {
        get
        {
            if (_servers is null)
            {
                Read(new TrustReader(http, contexts));
            }
            return _servers ?? throw new InvalidOperationException("What the servers trust could not be read.", _fault);
        }
    }

    /// <param name="whenRead">Called on any thread, also when that has failed.</param>
    internal void Begin(Action whenRead)
    {
        TrustReader? reader;
        lock (_gate)
        {
            reader = _waiting.Count == 0 ? new TrustReader(http, contexts) : null;
            _waiting.Add(whenRead);
        }
        if (reader is not null)
        {
            start(() =>
            {
                Read(reader);
                foreach (var one in TakeWaiting())
                {
                    one();
                }
            });
        }
    }

    private Action[] TakeWaiting()
    {
        lock (_gate)
        {
            Action[] waiting = [.. _waiting];
            _waiting.Clear();
            return waiting;
        }
    }

    internal void ThrowIfUnread()
    {
        if (!IsRead)
        {
            throw new InvalidOperationException("What the servers trust could not be read.", _fault);
        }
    }

    private void Read(TrustReader reader)
    {
        try
        {
            _servers ??= reader.Read();
        }
        catch (Exception fault)
        {
            // Whoever waits is told; the next refusal tries again.
            _fault = fault;
        }
        finally
        {
            reader.Dispose();
        }
    }
}
