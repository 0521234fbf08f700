using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Demo;

/// <summary>The demonstration for machines: one JSON object, ended by a line feed.</summary>
internal static class DemoJson
{
    public static void Write(Stream output, string program, DemoStage stage, IReadOnlyList<DemoOutcome> outcomes, IReadOnlyList<DemoSuggestion> suggestions)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("program", program);
            json.WriteStartArray("listen");
            json.WriteStringValue($"127.0.0.1:{stage.Ports.First}");
            json.WriteStringValue($"127.0.0.1:{stage.Ports.Second}");
            json.WriteEndArray();
            json.WriteNumber("as_expected", outcomes.Count(outcome => outcome.IsAsExpected));
            json.WriteNumber("deviating", outcomes.Count(outcome => !outcome.IsAsExpected));
            json.WriteStartArray("cases");
            foreach (var outcome in outcomes)
            {
                Write(json, outcome);
            }
            json.WriteEndArray();
            if (suggestions.Count > 0)
            {
                Write(json, stage, suggestions);
            }
            json.WriteEndObject();
        }
        output.Write("\n"u8);
        output.Flush();
    }

    private static void Write(Utf8JsonWriter json, DemoOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("name", outcome.Case.Name);
        json.WriteString("story", outcome.Case.Story);
        json.WriteBoolean("refusal", outcome.Case.Expected.IsRefusal);
        json.WriteBoolean("as_expected", outcome.IsAsExpected);
        json.WriteStartObject("client");
        json.WriteOptional("status", outcome.Sight.Status);
        json.WriteString("title", outcome.Sight.Title);
        json.WriteOptional("alert", outcome.Sight.Alert);
        json.WriteString("failure", outcome.Sight.Failure);
        json.WriteEndObject();
        json.WriteTexts("log", outcome.Log);
        Write(json, outcome.Refusal);
        json.WriteStartArray("backend");
        foreach (var request in outcome.Backend)
        {
            json.WriteStartObject();
            json.WriteString("x_ssl_verify", request.Verify);
            json.WriteString("x_ssl_serial", request.Serial);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteTexts("deviations", outcome.Deviations);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RefusalEntry? refusal)
    {
        if (refusal is null)
        {
            json.WriteNull("reason");
            return;
        }
        json.WriteStartObject("reason");
        json.WriteString("incident", refusal.Incident);
        json.WriteString("id", refusal.Id);
        json.WriteString("blame", refusal.Blame);
        json.WriteString("confidence", refusal.Confidence);
        json.WriteString("message", refusal.Message);
        json.WriteStartArray("advice");
        foreach (var advice in refusal.Advice)
        {
            json.WriteStartObject();
            json.WriteString("for", advice.For);
            json.WriteString("text", advice.Text);
            json.WriteString("paste", advice.Paste);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DemoStage stage, IReadOnlyList<DemoSuggestion> suggestions)
    {
        json.WriteString("folder", stage.Folder.Path);
        json.WriteStartArray("try");
        foreach (var suggestion in suggestions)
        {
            json.WriteStartObject();
            json.WriteString("about", suggestion.About);
            json.WriteString("command", suggestion.Command);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
