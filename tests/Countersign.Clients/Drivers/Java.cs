using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

/// <summary>One run makes all visits, each with an SSLContext of its own: starting Java costs more than they do.</summary>
public sealed class Java : Driver
{
    public override string Name => "Java, `java.net.http`";

    public override string Stack => "Java";

    public override string Guess => "Java";

    public override Task<string> Version() => FirstLine("java", "-version");

    public override async Task<IReadOnlyList<Seen>> Run(IReadOnlyList<Visit> visits)
    {
        var result = await CommandLine.Run(
            "java",
            [Program("Client.java"), visits[0].Credentials.ServerAuthority, .. visits.SelectMany(visit => new[] { visit.Url, visit.HasCertificate ? visit.Pkcs12 : "-" })],
            within: Longest);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == visits.Count ? [.. lines.Select(line => new Seen(line))] : throw new InvalidOperationException($"Client.java said:\n{result.Both}");
    }
}
