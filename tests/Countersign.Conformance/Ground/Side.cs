namespace Countersign.Conformance;

/// <summary>One of the two servers, and the cutting of its logs into cases.</summary>
public sealed class Side : IAsyncDisposable
{
    private readonly ServerUnderTest _server;
    private readonly IReadOnlyDictionary<string, Backend> _backends;
    private readonly Normal _normal;
    private int _fences;
    private int _hung;

    private Side(ServerUnderTest server, IReadOnlyDictionary<string, Backend> backends)
    {
        _server = server;
        _backends = backends;
        _normal = new Normal(server.Setup.Address.ToString(), server.Prefix);
    }

    public static async Task<Side> Of(ServerUnderTest server, IReadOnlyDictionary<string, Backend> backends)
    {
        var side = new Side(server, backends);
        try
        {
            // What the server says of those who looked whether it listens belongs to no case: the first such refusal compiles its explanation.
            for (var round = 0; round < 3; round++)
            {
                await side.Fence(0, 0);
            }
            return side;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fails with what the server said, and at once when it has ended or hung several times before.</summary>
    public async Task<Outcome> Run(Func<Script, Task> script)
    {
        if (_hung >= 3)
        {
            throw new InvalidOperationException($"{_server.Program.Name} hung in three cases before this one");
        }

        try
        {
            return await Play(script);
        }
        catch (Exception failure)
        {
            _hung += failure is TimeoutException or OperationCanceledException ? 1 : 0;
            var state = _server.Process.HasExited ? $"has ended with {_server.Process.ExitCode}" : "still runs";
            var evidence = _server.Evidence();
            throw new InvalidOperationException(
                $"{_server.Program.Name} {state}: {failure.Message}\n{evidence[Math.Max(0, evidence.Length - 4000)..]}", failure);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<Outcome> Play(Func<Script, Task> script)
    {
        var errors = _server.ErrorLog.Length;
        var accesses = _server.AccessLog.Length;
        foreach (var backend in _backends.Values)
        {
            backend.TakeRequests();
            backend.Answer(Testing.Backend.Hello);
        }

        var played = new Script(_server, _backends, _normal);
        await script(played);
        var (access, error) = await Fence(accesses, errors);
        var requests = _backends.Select(each => string.Concat(each.Value.TakeRequests().Select(request => $"[{each.Key}]\n{request}\n")));
        await LeaveNothingOpen();
        return new Outcome(played.Seen, _normal.Own(string.Concat(requests)), _normal.Own(access), _normal.ErrorLog(error));
    }

    /// <summary>A backend connection kept for later would answer the next case with the answers of this one.</summary>
    private async Task LeaveNothingOpen()
    {
        foreach (var backend in _backends.Values)
        {
            backend.DropConnections();
        }

        await Fence(_server.AccessLog.Length, _server.ErrorLog.Length);
    }

    /// <summary>
    /// The lines since the given places. Both logs are complete once a request made afterwards is in them: the
    /// servers have one loop each here, and write in order.
    /// </summary>
    private async Task<(string Access, string Error)> Fence(long accesses, long errors)
    {
        var mark = $"/fence-{++_fences}-last";
        // Twice: an event of the case may become ready in the very round of the loop that answers the first.
        foreach (var target in (string[])[$"/fence-{_fences}-first", mark])
        {
            using var client = await RawClient.Connect(_server.EndPoint("fence"));
            await client.Send($"GET {target} HTTP/1.0\r\n\r\n");
            await client.ReadToEnd();
        }

        var access = await _server.AccessLog.WaitFor(mark, accesses);
        var error = await _server.ErrorLog.WaitFor(mark, errors);
        return (Without(access), Without(error));
    }

    private static string Without(string log) =>
        string.Concat(log.Split('\n').Where(line => line.Length > 0 && !line.Contains("/fence-", StringComparison.Ordinal)).Select(line => line + "\n"));
}
