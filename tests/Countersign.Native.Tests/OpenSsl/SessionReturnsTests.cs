namespace Countersign.Native.Tests.OpenSsl;

/// <summary>What the cache drops goes back to the thread that made it: a loop that frees another loop's session waits for that one's memory, and holds it up.</summary>
public sealed class SessionReturnsTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly TlsServerContext _server;
    private readonly TlsClientContext _client = TlsClientContext.Create(new TlsClientOptions());
    private readonly TlsSessionReturns _returns = new();

    public SessionReturnsTests() => _server = TlsServerContext.Create(new TlsServerOptions { Certificates = [_pki.ServerPair] });

    [Fact]
    public async Task Each_thread_gets_what_it_has_made()
    {
        using var mine = Session();
        using var theirs = await InAnotherThread(Session);
        _returns.Add(mine);
        _returns.Add(theirs);
        Taken().ShouldBe([mine]);
        Taken().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_thread_does_not_come_for_is_freed_by_whoever_drops_it()
    {
        using var theirs = await InAnotherThread(Session);
        for (var i = 0; i < 40; i++)
        {
            _returns.Add(theirs);
        }
        Taken().Count.ShouldBe(8);
    }

    [Fact]
    public async Task At_the_end_all_of_them_are_freed()
    {
        var mine = Session();
        var theirs = await InAnotherThread(Session);
        _returns.Add(mine);
        _returns.Add(theirs);
        _returns.Free();
        mine.Handle.ShouldBe(0);
        theirs.Handle.ShouldBe(0);
        Taken().ShouldBeEmpty();
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _pki.Dispose();
    }

    private List<TlsSession> Taken()
    {
        var taken = new List<TlsSession>();
        _returns.Take(taken);
        return taken;
    }

    private TlsSession Session()
    {
        using var pair = TlsPair.Talked(_server, _client);
        _ = NativeSession.Keep(pair.Sessions[^1].Handle);
        return new TlsSession(pair.Sessions[^1].Handle);
    }

    private static Task<T> InAnotherThread<T>(Func<T> make)
    {
        var made = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                made.SetResult(make());
            }
            catch (Exception failure)
            {
                made.SetException(failure);
            }
        });
        thread.Start();
        thread.Join();
        return made.Task;
    }
}
