using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>A verdict as one object (docs/guide/explain.md); a refusal in it has the schema of the refusal log.</summary>
internal static class ExplainJson
{
    private const int Version = 1;

    public static string Of(Verdict verdict, Verdict? withLists) => JsonFields.Line(json =>
    {
        json.WriteNumber("v", Version);
        Write(json, verdict);
        if (withLists is not null)
        {
            json.WriteStartObject("with_crl");
            Write(json, withLists);
            json.WriteEndObject();
        }
    });

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteBoolean("accepted", verdict is AcceptedVerdict);
        if (verdict is RefusedVerdict refused)
        {
            json.WritePropertyName("refusal");
            json.WriteRawValue(RefusalJson.Line(refused.Refusal));
        }
        else if (verdict is AcceptedVerdict accepted)
        {
            json.WriteString("server", accepted.Server);
            json.WriteString("time", Evidence.Text(accepted.Time));
            json.WriteString("verify", accepted.Verify);
            json.WriteString("message", Evidence.Cut(accepted.Why));
            if (accepted.Path is { } path)
            {
                Write(json, path);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, VerifiedPath path)
    {
        json.WriteStartArray("path");
        foreach (var step in path.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("depth", step.Depth);
            json.WriteString("subject", Evidence.Cut(step.Certificate.Subject.ToString()));
            json.WriteString("issuer", Evidence.Cut(step.Certificate.Issuer.ToString()));
            json.WriteString("serial", Evidence.Cut(step.Certificate.Serial));
            json.WriteString("sha256", step.Certificate.Sha256);
            json.WriteString("source", step.Source);
            json.WriteBoolean("sent", step.IsSent);
            json.WriteString("not_before", Evidence.Text(step.Certificate.NotBefore));
            json.WriteString("not_after", Evidence.Text(step.Certificate.NotAfter));
            if (step.List is { } list)
            {
                json.WriteStartObject("crl");
                json.WriteString("file", list.File);
                json.WriteString("issuer", Evidence.Cut(list.Issuer.ToString()));
                json.WriteString("this_update", Evidence.Text(list.ThisUpdate));
                json.WriteString("next_update", list.NextUpdate is { } end ? Evidence.Text(end) : null);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("holds_until");
        Write(json, path.Horizon);
        json.WriteEndObject();
        json.WriteStartArray("soon");
        foreach (var ending in path.Soon)
        {
            json.WriteStartObject();
            Write(json, ending);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Ending ending)
    {
        json.WriteString("time", Evidence.Text(ending.Moment));
        json.WriteString("what", Evidence.Cut(ending.What));
    }
}
