using System.Text;
using Countersign.Native;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

/// <summary>A client of a gate with one proxy_pass. The client's own end and the backend's end of a connection are in the test's hand.</summary>
internal sealed class OnePassing : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cs-");

    /// <param name="location">What stands beside the proxy_pass; <c>%folder%</c> is a folder of the test's own.</param>
    public OnePassing(string location = "", string pass = "http://app", string server = "", string listen = "")
    {
        Gate = new OneClient($$"""
            upstream app { server 127.0.0.1:1; keepalive 1; keepalive_requests 100000; }
            server {
                listen 127.0.0.1:8080 {{listen}};
                server_name gate;
                lingering_close off;
                client_body_temp_path {{_folder.FullName}};
                proxy_temp_path {{_folder.FullName}};
                {{server}}
                location / { {{location}} proxy_pass {{pass}}; }
            }
            """);
        var worker = Gate.Client.Worker;
        var state = Gate.Client.Generation.Backends.Upstreams.Of(Gate.Client.Generation.Http.Upstreams.Single(upstream => upstream.Name == "app"), loop: 0);
        Socket.OpenPair(out var ours, out var theirs).ShouldBe(0);
        Channel.Open(worker.Loop, ours, out var channel).ShouldBe(0);
        Channel.Open(worker.Loop, theirs, out var end).ShouldBe(0);
        Backend = end!;
        worker.Connections++;
        var connection = new BackendConnection(worker, new BackendKind(state.Primary.Peers[0], null, null), channel!);
        OnLoop(() => worker.Pools.Keep(Gate.Client.Generation, state, connection, worker.Loop.Now));
    }

    public OneClient Gate { get; }

    /// <summary>What the gate sends to the backend comes here.</summary>
    public Channel Backend { get; }

    public Channel Client => Gate.Peer;

    public string Folder => _folder.FullName;

    /// <summary>Lets the gate serve the client while the test plays both others.</summary>
    public void Play(Func<Task> script) => Gate.Run(async () =>
    {
        var life = Connection.RunAsync(Gate.Client).AsTask();
        await script();
        Client.Dispose();
        await life;
    });

    public static async Task Send(Channel to, string text) => (await to.WriteAsync(Encoding.Latin1.GetBytes(text), 5000)).ShouldBe(0);

    /// <summary>Reads until the text ends with <paramref name="end"/>; null reads to the end of the stream.</summary>
    public async Task<string> Read(Channel from, string? end)
    {
        var text = new StringBuilder();
        while (end is null || text.Length < end.Length || text.ToString(text.Length - end.Length, end.Length) != end)
        {
            var count = await from.ReadAsync(_buffer, 5000);
            if (count <= 0)
            {
                count.ShouldBe(end is null ? 0 : 1, $"the end of the stream, after: {text}; {string.Join('\n', Gate.Log)}");
                break;
            }
            text.Append(Encoding.Latin1.GetString(_buffer, 0, count));
        }
        return text.ToString();
    }

    /// <summary>The client asks, the backend answers and closes; what the client got.</summary>
    public string Answer(string answer, string request = "GET / HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n\r\n")
    {
        var got = "";
        Play(async () =>
        {
            await Send(Client, request);
            await Read(Backend, "\r\n\r\n");
            await Send(Backend, answer);
            Backend.Dispose();
            got = await Read(Client, null);
        });
        return got;
    }

    /// <summary>The request as the backend got it.</summary>
    public string Request(string request)
    {
        var got = "";
        Play(async () =>
        {
            await Send(Client, request);
            got = await Read(Backend, "\r\n\r\n");
            await Send(Backend, "HTTP/1.1 204 No Content\r\n\r\n");
            await Read(Client, "\r\n\r\n");
        });
        return got;
    }

    /// <summary>Waits, turn by turn of the loop.</summary>
    public async Task Until(Func<bool> condition)
    {
        for (var turn = 0; turn < 5000 && !condition(); turn++)
        {
            await new Readiness(Gate.Client.Worker.Loop).Within(1);
        }
        condition().ShouldBeTrue();
    }

    private void OnLoop(Action action) => Gate.Run(() =>
    {
        action();
        return Task.CompletedTask;
    });

    public void Dispose()
    {
        Gate.Dispose();
        _folder.Delete(recursive: true);
    }
}
