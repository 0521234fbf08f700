namespace Countersign.EndToEnd.Refusals;

/// <summary>docs/refusals/ID.md: its transcript is what a test brought about, and its line of nginx what the record has.</summary>
internal sealed class RefusalPage(string id)
{
    private const string Heading = "\n## A transcript\n\n```text\n";
    private const string Nginx = "\n## What nginx says\n";
    private const string End = "\n```\n";

    private readonly MeasuredPage _page = new(["refusals", .. $"{id}.md".Split('/')]);

    public void ShouldHave(RefusalRecord record)
    {
        var text = _page.Text;
        var start = text.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        var (measured, written) = (Transcript.Of(record.Line), text[start..^End.Length]);
        if (Transcript.Compared(written) != Transcript.Compared(measured))
        {
            written = _page.TextAfter(text[..start] + measured + End)[start..^End.Length];
        }
        Transcript.Compared(written).ShouldBe(Transcript.Compared(measured), $"{id}: {MeasuredPage.Advice}\n{measured}");
        Transcript.Compared(text[text.IndexOf(Nginx, StringComparison.Ordinal)..start]).ShouldContain(Transcript.Compared(record.Nginx), Case.Sensitive, $"{id}: {record.Nginx}");
    }
}
