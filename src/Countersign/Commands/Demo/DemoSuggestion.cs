using Countersign.Refusals;

namespace Countersign.Commands.Demo;

/// <summary>A command to try at the open gate.</summary>
internal sealed record DemoSuggestion(string About, string Command)
{
    /// <param name="program">Countersign, when that is the gate; null for another server, which has no reasons to give.</param>
    public static IReadOnlyList<DemoSuggestion> For(DemoStage stage, string? program)
    {
        var folder = stage.Folder;
        var first = stage.Ports.First;
        var curl = $"curl -i --cacert {folder.RootCertificate} --resolve {DemoConfiguration.Service}:{first}:127.0.0.1";
        var service = $"https://{DemoConfiguration.Service}:{first}/";
        return
        [
            new("the good client", $"{curl} {Identity(folder, "good")} {service}"),
            new("no certificate", $"{curl} {service}"),
            new("a revoked certificate; the others are " + string.Join(", ", Others(folder)), $"{curl} {Identity(folder, "revoked")} {service}"),
            new("no server name: an address is never one", $"curl -i -k {Identity(folder, "good")} -H 'Host: {DemoConfiguration.Service}' https://127.0.0.1:{first}/"),
            new("plain HTTP", $"curl -i http://127.0.0.1:{first}/"),
            new(
                "what the gate asks for, and whether the client takes the gate's own certificate",
                $"openssl s_client -connect 127.0.0.1:{first} -servername {DemoConfiguration.Service} -cert {folder.ClientCertificate("good")} "
                + $"-key {folder.ClientKey("good")} -CAfile {folder.RootCertificate}"),
            new(
                "two intermediates, at the server that allows them",
                $"curl -i --cacert {folder.RootCertificate} --resolve {DemoConfiguration.Service}:{stage.Ports.Second}:127.0.0.1 "
                + $"{Identity(folder, "deep")} https://{DemoConfiguration.Service}:{stage.Ports.Second}/"),
            .. program is null ? [] : Reasons(ShellWord.Of(program), NginxArguments.Parse(["-p", folder.Path, "-c", "nginx.conf"]).Selection),
            new("what the gate says about each", $"tail -f {folder.ErrorLog}"),
        ];
    }

    private static DemoSuggestion[] Reasons(string program, string selection) =>
    [
        new("why the last one was refused, in full", $"{program} incident last{selection}"),
        new("why each is refused, as it happens", $"{program} tail{selection}"),
    ];

    private static string Identity(DemoFolder folder, string client) => $"--cert {folder.ClientCertificate(client)} --key {folder.ClientKey(client)}";

    private static IEnumerable<string> Others(DemoFolder folder) =>
        Directory.GetFiles(folder.File("clients"), "*.crt").Select(path => Path.GetFileNameWithoutExtension(path)).Except(["good", "revoked"]).Order(StringComparer.Ordinal);
}
