namespace Countersign.EndToEnd.Refusals;

/// <summary>docs/refusals/ID.md: its transcript is what a test brought about, and its line of nginx what the record has.</summary>
internal sealed class RefusalPage(string id)
{
    private readonly TranscriptPage _page = new($"refusals/{id}");

    public void ShouldHave(RefusalRecord record)
    {
        var measured = Transcript.Of(record.Line);
        TranscriptPage.Compared(_page.TranscriptAfter(measured)).ShouldBe(TranscriptPage.Compared(measured), $"{id}: {MeasuredPage.Advice}\n{measured}");
        var nginx = record.Nginx.Length > 0 ? record.Nginx : "nginx writes nothing";
        TranscriptPage.Compared(_page.NginxSays).ShouldContain(TranscriptPage.Compared(nginx), Case.Sensitive, $"{id}: {nginx}");
    }
}
