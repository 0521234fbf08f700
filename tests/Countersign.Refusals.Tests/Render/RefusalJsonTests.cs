using System.Text;
using System.Text.Json;

namespace Countersign.Refusals.Tests.Render;

public sealed class RefusalJsonTests
{
    private static readonly string[] Fields =
    [
        "v", "time", "incident", "id", "blame", "confidence", "message", "advice", "status", "alert", "alert_from", "client", "server", "sni", "host",
        "subject", "issuer", "serial", "sha256", "nginx", "errors", "others", "evidence", "presented_count",
    ];

    [Fact]
    public void Every_field_of_the_schema_is_there_even_when_nothing_is_known()
    {
        using var json = JsonDocument.Parse(RefusalJson.Line(Sample.Bare));
        json.RootElement.EnumerateObject().Select(field => field.Name).ShouldBe(Fields);
        json.RootElement.GetProperty("v").GetInt32().ShouldBe(1);
        json.RootElement.GetProperty("status").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("sni").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void The_schema_s_page_explains_every_field()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Countersign.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        var page = File.ReadAllText(Path.Combine(folder, "docs/refusal-log.md"));
        Fields.Append("cut").Append("presented").Where(field => !page.Contains($"`{field}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_says_what_the_refusal_says()
    {
        using var json = JsonDocument.Parse(RefusalJson.Line(Sample.Full));
        var root = json.RootElement;
        root.GetProperty("time").GetString().ShouldBe("2030-01-02T03:04:05.678Z");
        root.GetProperty("id").GetString().ShouldBe("certificate/expired");
        root.GetProperty("blame").GetString().ShouldBe("client");
        root.GetProperty("confidence").GetString().ShouldBe("proved");
        root.GetProperty("client").GetString().ShouldBe("[2001:db8::7]:4711");
        root.GetProperty("subject").GetString().ShouldBe("CN=device-7");
        root.GetProperty("errors")[0].GetProperty("name").GetString().ShouldBe("CERT_HAS_EXPIRED");
        root.GetProperty("others")[0].GetString().ShouldBe("certificate/unparsable");
        root.GetProperty("evidence").GetProperty("not_after").GetString().ShouldBe("2021-01-01T00:00:00Z");
        root.GetProperty("evidence").GetProperty("seconds_late").GetInt64().ShouldBe(284094245);
        root.GetProperty("presented_count").GetInt32().ShouldBe(1);
        root.GetProperty("alert").GetInt32().ShouldBe(45);
        root.GetProperty("alert_from").GetString().ShouldBe("gate");
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var entry = RefusalEntry.Of(Sample.Full);
        var read = RefusalJsonReader.Read(RefusalJson.Line(entry))!;
        RefusalJson.Line(read).ShouldBe(RefusalJson.Line(entry));
        RefusalText.Of(read).ShouldBe(RefusalText.Of(entry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"v\":1")]
    [InlineData("{\"v\":2}")]
    [InlineData("{\"v\":\"1\"}")]
    public void What_is_no_refusal_of_this_version_is_not_read(string text) => RefusalJsonReader.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();

    [Fact]
    public void Fields_of_the_wrong_kind_are_passed_over()
    {
        var entry = RefusalJsonReader.Read("""{"v":1,"id":5,"errors":[3,{"code":"x"}],"advice":{},"evidence":[],"others":[7],"status":"a","time":null}"""u8.ToArray())!;
        entry.Id.ShouldBe("");
        entry.Others.ShouldBe(["7"]);
        entry.Errors.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('\u0001')]
    [InlineData('\u20ac')]
    public void A_line_has_no_more_than_16_KB_whatever_a_client_sends(char character)
    {
        var hostile = Sample.Hostile(character);
        var line = RefusalJson.Line(hostile);
        line.Length.ShouldBeLessThanOrEqualTo(RefusalJson.LongestLine);
        using var json = JsonDocument.Parse(line);
        json.RootElement.GetProperty("cut").GetBoolean().ShouldBeTrue();
        json.RootElement.GetProperty("id").GetString().ShouldBe(hostile.Id);
        Encoding.UTF8.GetString(line).ShouldNotContain("\n");
    }

    [Fact]
    public void A_whole_entry_has_no_more_than_64_KB_and_counts_the_certificates_it_left_out()
    {
        var certificate = new byte[9000];
        var whole = RefusalJson.Whole(Sample.Hostile('\u0001'), [.. Enumerable.Repeat((ReadOnlyMemory<byte>)certificate, 50)]);
        whole.Length.ShouldBeLessThanOrEqualTo(RefusalJson.LongestWhole);
        using var json = JsonDocument.Parse(whole);
        json.RootElement.GetProperty("presented_count").GetInt32().ShouldBe(50);
        json.RootElement.GetProperty("presented").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public void Half_a_character_does_not_break_the_line()
    {
        var entry = RefusalEntry.Of(Sample.Bare) with { Host = "a\ud83d", Subject = new string('x', 2047) + "\ud83d\ude00" };
        using var json = JsonDocument.Parse(RefusalJson.Line(entry));
        json.RootElement.GetProperty("host").GetString().ShouldBe("a\ufffd");
    }

    [Fact]
    public void A_command_that_has_no_room_is_left_out_and_not_shortened()
    {
        var entry = RefusalEntry.Of(Sample.Bare) with { Advice = [new AdviceEntry("client", "do", new string('x', 3000))] };
        using var json = JsonDocument.Parse(RefusalJson.Line(entry));
        json.RootElement.GetProperty("advice")[0].GetProperty("paste").GetString().ShouldBe("");
    }
}
