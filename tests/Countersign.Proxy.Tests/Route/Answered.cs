using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Proxy.Tests.Route;

/// <summary>One request through the whole connection, and all that came back.</summary>
internal static partial class Answered
{
    /// <param name="server">What stands in the server block.</param>
    /// <param name="head">Request line and header lines, without the empty line; Host and Connection are added.</param>
    public static string By(string server, string head, string body = "") => By(server, head, out _, body);

    public static string By(string server, string head, out IReadOnlyList<string> log, string body = "")
    {
        using var client = new OneClient($"server {{ listen 127.0.0.1:8080; server_name routes.test; {server} }}");
        var answer = Of(client, head, body);
        log = [.. client.Log];
        return answer;
    }

    /// <summary>By a client whose plan has a server of that name.</summary>
    public static string Of(OneClient client, string head, string body = "")
    {
        var request = Encoding.Latin1.GetBytes($"{head}\r\nHost: routes.test\r\nConnection: close\r\n\r\n{body}");
        var answer = new List<byte>();
        client.Run(async () =>
        {
            (await client.Peer.WriteAsync(request, -1)).ShouldBe(0);
            await Connection.RunAsync(client.Client);
            var buffer = new byte[4096];
            for (int count; (count = await client.Peer.ReadAsync(buffer, 1000)) > 0;)
            {
                answer.AddRange(buffer.AsSpan(0, count));
            }
        });
        return Date().Replace(Encoding.Latin1.GetString([.. answer]), "").Replace("\r\n", "\n");
    }

    [GeneratedRegex(@"(?<=\n)Date: [^\r]*\r\n")]
    private static partial Regex Date();
}
