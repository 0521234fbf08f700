using System.Globalization;
using System.Text.Json;

namespace Countersign.Refusals;

/// <summary>Reads what <see cref="RefusalJson"/> wrote; fields that it does not know are passed over.</summary>
public static class RefusalJsonReader
{
    /// <returns>Null for what is no refusal of a version that this reads.</returns>
    public static RefusalEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && Version(root) == RefusalJson.Version ? Entry(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RefusalEntry Entry(JsonElement root) => new()
    {
        Time = DateTimeOffset.TryParse(Text(root, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default,
        Incident = Text(root, "incident") ?? "",
        Id = Text(root, "id") ?? "",
        Blame = Text(root, "blame") ?? "",
        Confidence = Text(root, "confidence") ?? "",
        Message = Text(root, "message") ?? "",
        Advice = [.. Items(root, "advice").Select(item => new AdviceEntry(Text(item, "for") ?? "", Text(item, "text") ?? "", Text(item, "paste")))],
        Status = Number(root, "status"),
        Alert = Number(root, "alert"),
        AlertFrom = Text(root, "alert_from"),
        Client = Text(root, "client"),
        Server = Text(root, "server") ?? "",
        Sni = Text(root, "sni"),
        Host = Text(root, "host"),
        Subject = Text(root, "subject"),
        Issuer = Text(root, "issuer"),
        Serial = Text(root, "serial"),
        Sha256 = Text(root, "sha256"),
        Nginx = Text(root, "nginx") ?? "",
        Errors =
        [
            .. Items(root, "errors").Select(item =>
                new ErrorEntry(Number(item, "code") ?? 0, Text(item, "name") ?? "", Number(item, "depth") ?? 0, Text(item, "subject") ?? "")),
        ],
        Others = [.. Items(root, "others").Select(Scalar)],
        Evidence = Facts(root, "evidence"),
        Handshake = Facts(root, "handshake"),
        Presented = [.. Items(root, "presented").Select(Scalar)],
        Found = [.. Items(root, "found").Select(Scalar)],
        PresentedCount = Number(root, "presented_count") ?? 0,
    };

    private static int? Version(JsonElement root) => Number(root, "v");

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number) ? number : null;

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();

    private static List<KeyValuePair<string, object>> Facts(JsonElement root, string field)
    {
        var facts = new List<KeyValuePair<string, object>>();
        if (root.TryGetProperty(field, out var evidence) && evidence.ValueKind == JsonValueKind.Object)
        {
            foreach (var fact in evidence.EnumerateObject())
            {
                facts.Add(new(fact.Name, fact.Value.ValueKind switch
                {
                    JsonValueKind.True or JsonValueKind.False => fact.Value.GetBoolean(),
                    JsonValueKind.Number when fact.Value.TryGetInt64(out var number) => number,
                    JsonValueKind.Array => fact.Value.EnumerateArray().Select(Scalar).ToList(),
                    _ => Scalar(fact.Value),
                }));
            }
        }
        return facts;
    }
}
