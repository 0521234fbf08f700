using System.Net;
using System.Text;

namespace Countersign.Testing;

/// <summary>What <c>openssl s_client</c> is told. Paths are PEM files.</summary>
public sealed record SClient
{
    public string? Certificate { get; init; }
    public string? Key { get; init; }

    /// <summary>Certificates sent after the leaf, exactly these and in this order.</summary>
    public string? Chain { get; init; }

    /// <summary>Null sends no server name.</summary>
    public string? ServerName { get; init; } = "localhost";
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>False shows the connection's details as well, as a person at a terminal sees them.</summary>
    public bool Quiet { get; init; } = true;
}

/// <summary>The openssl program, for what .NET's own TLS cannot be made to send.</summary>
public static class OpenSsl
{
    public static Task<CommandResult> Run(params string[] arguments) => CommandLine.Run("openssl", arguments);

    /// <summary>Connects, sends the bytes, and stays until the server ends the connection.</summary>
    public static Task<CommandResult> Connect(IPEndPoint to, SClient client, string request) =>
        CommandLine.Run("openssl", Arguments(to, client), Encoding.Latin1.GetBytes(request));

    private static IEnumerable<string> Arguments(IPEndPoint to, SClient client)
    {
        List<string> arguments = ["s_client", "-connect", to.ToString(), "-ign_eof", "-nocommands"];
        arguments.AddRange(client.Quiet ? ["-quiet"] : []);
        arguments.AddRange(client.ServerName is { } name ? ["-servername", name] : ["-noservername"]);
        arguments.AddRange(client.Certificate is { } certificate ? ["-cert", certificate] : []);
        arguments.AddRange(client.Key is { } key ? ["-key", key] : []);
        arguments.AddRange(client.Chain is { } chain ? ["-cert_chain", chain] : []);
        arguments.AddRange(client.More);
        return arguments;
    }
}
