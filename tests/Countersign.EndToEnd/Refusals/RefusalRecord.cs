using System.Text.Json;

namespace Countersign.EndToEnd.Refusals;

/// <summary>One line of logs/refusal.log, and what the client got.</summary>
public sealed class RefusalRecord(string line, string answer)
{
    /// <summary>All that came back to the client, or what it said of its failed handshake.</summary>
    public string Answer => answer;

    public JsonElement Json { get; } = JsonDocument.Parse(line).RootElement;

    public string Line => line;

    public string Id => Text("id")!;
    public string Blame => Text("blame")!;
    public string Confidence => Text("confidence")!;
    public string Message => Text("message")!;
    public string Incident => Text("incident")!;
    public string Nginx => Text("nginx")!;

    /// <summary>Ids of what else was wrong.</summary>
    public string[] Others => (string[])Plain(Json.GetProperty("others"))!;

    /// <summary>As nginx's debug log has them: <c>20@0</c>.</summary>
    public string[] Errors => [.. Json.GetProperty("errors").EnumerateArray().Select(error => $"{error.GetProperty("code")}@{error.GetProperty("depth")}")];

    /// <summary>The commands and directives of the advice.</summary>
    public string[] Pastes => [.. Json.GetProperty("advice").EnumerateArray().Select(advice => advice.GetProperty("paste").GetString() ?? "")];

    public string? Text(string name) => Json.GetProperty(name).GetString();

    /// <summary>A string, a long, a bool or a string[]; null when it is not said.</summary>
    public object? Evidence(string name) => Json.GetProperty("evidence").TryGetProperty(name, out var value) ? Plain(value) : null;

    public string[] List(string name) => Evidence(name) as string[] ?? throw new ShouldAssertException($"{name} is no list in {Json}");

    /// <summary>Id, blame, confidence, and the facts given; a fact that is null must be missing.</summary>
    public RefusalRecord ShouldBe(string id, string blame, string confidence, params (string Name, object? Value)[] facts)
    {
        (Id, Blame, Confidence).ShouldBe((id, blame, confidence), Json.ToString());
        foreach (var (name, value) in facts)
        {
            Evidence(name).ShouldBe(value is int number ? (long)number : value, $"{name} in {Json}");
        }
        return this;
    }

    /// <summary>Id, and the transcript of the id's page. Countersign.Rules wants one record on every page.</summary>
    public RefusalRecord ShouldBeOnPage(string id)
    {
        Id.ShouldBe(id, Json.ToString());
        new RefusalPage(id).ShouldHave(this);
        return this;
    }

    /// <summary>The root cause, and everything else that was wrong in its order.</summary>
    public void ShouldList(string id, params string[] others) => new[] { Id }.Concat(Others).ShouldBe([id, .. others], Json.ToString());

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(each => each.GetString()!).ToArray(),
        _ => null,
    };
}
