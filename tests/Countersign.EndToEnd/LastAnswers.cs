namespace Countersign.EndToEnd;

/// <summary>The end of a connection, as the network sees it.</summary>
public sealed class LastAnswers
{
    [Theory]
    [InlineData("/", "Connection: close\r\n")]
    [InlineData("/static", "Connection: close\r\n")]
    [InlineData("/", "Host: another\r\n")]
    public async Task An_answer_leaves_in_one_segment_with_close_notify(string target, string header)
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded.Replace("location / {", "location /static { return 200 static; } location / {")));
        using var client = await gate.Connect("tls");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.Read()).Body.ShouldBe("hello");
        var before = client.Segments;
        await client.Send($"GET {target} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n");
        (await client.ReadToEnd()).ShouldStartWith("HTTP/1.1 ");
        (client.Segments - before).ShouldBe(1u);
    }
}
