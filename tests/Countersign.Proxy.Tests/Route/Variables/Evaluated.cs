namespace Countersign.Proxy.Tests.Route.Variables;

/// <summary>What a text with variables comes out as for one request.</summary>
internal static class Evaluated
{
    public static string By(string text, string head = "GET / HTTP/1.1", string server = "", string body = "") => By(text, head, out _, server, body);

    public static string By(string text, string head, out IReadOnlyList<string> log, string server = "", string body = "")
    {
        var answer = Answered.By($"location / {{ {server} return 200 \"{text}\"; }}", head, out log, body);
        return answer[(answer.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
    }
}
