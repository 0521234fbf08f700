using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Refusals;

/// <summary>A refusal as one line of JSON, by the schema of docs/refusal-log.md.</summary>
public static class RefusalJson
{
    /// <summary>The field <c>v</c>. Fields are added under the same number; a field that changes its meaning or goes raises it.</summary>
    public const int Version = 1;

    /// <summary>Bytes of a line in the log, without its line feed.</summary>
    public const int LongestLine = 16 * 1024;

    /// <summary>Bytes of an entry that is kept whole.</summary>
    public const int LongestWhole = 64 * 1024;

    /// <summary>What certificates that were not sent leave to those that were.</summary>
    private const int RoomOfPresented = 24 * 1024;

    // Non-ASCII names stay readable; quotes, control characters and line separators are still escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>From the fullest to one that always fits; what is cut says so by <c>...</c>, and the line by <c>"cut":true</c>.</summary>
    private static readonly Limits[] Steps = [new(2048, 32, 32, 64), new(512, 8, 16, 32), new(192, 2, 8, 16), new(96, 1, 2, 8)];

    public static byte[] Line(Refusal refusal) => Line(RefusalEntry.Of(refusal));

    /// <summary>Without a line feed, without the certificates themselves.</summary>
    public static byte[] Line(RefusalEntry entry) => Fit(entry with { Presented = [] }, isWhole: false, LongestLine);

    /// <summary>The same with every certificate that was sent, as PEM, for as many as there is room after those that the reason rests on.</summary>
    public static byte[] Whole(RefusalEntry entry, IReadOnlyList<ReadOnlyMemory<byte>> presented)
    {
        var room = LongestWhole - LongestLine;
        var pem = new List<string>();
        var found = entry.Found.TakeWhile(text => (room -= text.Length + (text.Length / 64) + 8) >= RoomOfPresented).ToList();
        room = Math.Max(room, RoomOfPresented);
        foreach (var certificate in presented)
        {
            // A line feed takes two bytes in JSON, and base64 four for three.
            room -= (certificate.Length / 3 * 4) + (certificate.Length / 48 * 2) + 80;
            if (room < 0)
            {
                break;
            }
            pem.Add(System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", certificate.Span) + "\n");
        }
        return Fit(entry with { Presented = pem, PresentedCount = presented.Count, Found = found }, isWhole: true, LongestWhole);
    }

    private static byte[] Fit(RefusalEntry entry, bool isWhole, int most)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        for (var step = 0; step < Steps.Length; step++)
        {
            buffer.ResetWrittenCount();
            using var json = new Utf8JsonWriter(buffer, Options);
            Write(json, entry, isWhole, Steps[step], isCut: step > 0);
            json.Flush();
            if (buffer.WrittenCount <= most)
            {
                break;
            }
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, RefusalEntry entry, bool isWhole, Limits limits, bool isCut)
    {
        json.WriteStartObject();
        json.WriteNumber("v", Version);
        json.WriteString("time", entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        Text("incident", entry.Incident);
        Text("id", entry.Id);
        Text("blame", entry.Blame);
        Text("confidence", entry.Confidence);
        Text("message", entry.Message);
        WriteAdvice(json, entry.Advice, limits);
        Number("status", entry.Status);
        Number("alert", entry.Alert);
        Text("alert_from", entry.AlertFrom);
        Text("client", entry.Client);
        Text("server", entry.Server);
        Text("sni", entry.Sni);
        Text("host", entry.Host);
        Text("subject", entry.Subject);
        Text("issuer", entry.Issuer);
        Text("serial", entry.Serial);
        Text("sha256", entry.Sha256);
        Text("nginx", entry.Nginx);
        WriteErrors(json, entry.Errors, limits);
        WriteList(json, "others", entry.Others, limits.Errors, limits.Text);
        WriteFacts(json, "evidence", entry.Evidence, limits);
        json.WriteNumber("presented_count", entry.PresentedCount);
        if (isWhole)
        {
            WriteFacts(json, "handshake", entry.Handshake, limits);
            WriteList(json, "presented", entry.Presented, entry.Presented.Count, int.MaxValue);
            WriteList(json, "found", entry.Found, entry.Found.Count, int.MaxValue);
        }
        if (isCut)
        {
            json.WriteBoolean("cut", true);
        }
        json.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is null)
            {
                json.WriteNull(name);
            }
            else
            {
                json.WriteString(name, Cut(value, limits.Text));
            }
        }

        void Number(string name, int? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private static void WriteAdvice(Utf8JsonWriter json, IReadOnlyList<AdviceEntry> all, Limits limits)
    {
        json.WriteStartArray("advice");
        foreach (var advice in all.Take(limits.List))
        {
            json.WriteStartObject();
            json.WriteString("for", advice.For);
            json.WriteString("text", Cut(advice.Text, limits.Text));
            if (advice.Paste is { } paste)
            {
                // A command that was cut would do something else.
                json.WriteString("paste", paste.Length <= limits.Text ? paste : "");
            }
            else
            {
                json.WriteNull("paste");
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<ErrorEntry> errors, Limits limits)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors.Take(limits.Errors))
        {
            json.WriteStartObject();
            json.WriteNumber("code", error.Code);
            json.WriteString("name", error.Name);
            json.WriteNumber("depth", error.Depth);
            json.WriteString("subject", Cut(error.Subject, limits.Text));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, string field, IReadOnlyList<KeyValuePair<string, object>> facts, Limits limits)
    {
        json.WriteStartObject(field);
        foreach (var (name, value) in facts.Take(limits.Facts))
        {
            switch (value)
            {
                case bool truth:
                    json.WriteBoolean(name, truth);
                    break;
                case long number:
                    json.WriteNumber(name, number);
                    break;
                case IReadOnlyList<string> list:
                    WriteList(json, name, list, limits.List, limits.Text);
                    break;
                default:
                    json.WriteString(name, Cut(value.ToString() ?? "", limits.Text));
                    break;
            }
        }
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> list, int most, int longest)
    {
        json.WriteStartArray(name);
        foreach (var text in list.Take(most))
        {
            json.WriteStringValue(Cut(text, longest));
        }
        if (list.Count > most)
        {
            json.WriteStringValue("...");
        }
        json.WriteEndArray();
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "...");

    /// <param name="Text">Characters of one text.</param>
    /// <param name="List">Entries of one list.</param>
    private readonly record struct Limits(int Text, int List, int Errors, int Facts);
}
