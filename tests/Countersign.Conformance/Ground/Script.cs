using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Conformance;

/// <summary>What a case can do to one of the two servers; what the client saw is kept in order.</summary>
public sealed partial class Script(ServerUnderTest server, IReadOnlyDictionary<string, Backend> backends, Normal normal)
{
    private readonly StringBuilder _seen = new();

    public string Seen => _seen.ToString();

    public Backend Backend(string name = "app") => backends[name];

    public IPEndPoint EndPoint(string port) => server.EndPoint(port);

    /// <summary>The folder of the server that answers now.</summary>
    public string Prefix => server.Prefix;

    public Task<RawClient> Connect(string port) => RawClient.Connect(server.EndPoint(port));

    /// <summary>Sends the bytes and keeps everything until the server closes.</summary>
    public async Task Exchange(string port, string request)
    {
        using var client = await Connect(port);
        await client.Send(request);
        Saw(await client.ReadToEnd());
    }

    /// <summary>The short way to a closed GET.</summary>
    public Task Get(string port, string target, string headers = "") =>
        Exchange(port, $"GET {target} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");

    /// <summary>The same through <c>openssl s_client</c>; a TLS alert is kept by its number.</summary>
    public async Task Tls(string port, SClient client, string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    {
        var result = await OpenSsl.Connect(server.EndPoint(port), client, request);
        Saw(result.Output);
        Saw(string.Concat(Alert().Matches(result.Error).Select(match => match.Value + "\n")));
    }

    /// <summary>Keeps what the client saw, with dates and names of the server taken out.</summary>
    public void Saw(string text) => _seen.Append(normal.Response(text));

    [GeneratedRegex(@"alert number \d+")]
    private static partial Regex Alert();
}
