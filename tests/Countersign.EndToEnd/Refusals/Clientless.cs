namespace Countersign.EndToEnd.Refusals;

/// <summary>Clients without a certificate, and whatever else a request of theirs has.</summary>
internal static class Clientless
{
    /// <summary>openssl without a certificate; its hello is that of <see cref="RefusalGate.As(Identity, Identity[])"/>.</summary>
    public static SClient Nobody(string? serverName = "localhost", params string[] more) =>
        new() { ServerName = serverName, More = ["-cipher", "DEFAULT@SECLEVEL=0", .. more] };

    /// <summary>One closed request with headers of its own.</summary>
    public static async Task<string> Ask(this RefusalGate gate, SClient client, string headers, string method = "GET", string host = "localhost")
    {
        var result = await OpenSsl.Connect(
            gate.Server.EndPoint("tls"), client, $"{method} / HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
        return result.Output.Length > 0 ? result.Output : result.Error;
    }

    public static Task<RefusalRecord> RefusedWith(this RefusalGate gate, SClient client, string headers, string method = "GET") =>
        gate.Refused(() => gate.Ask(client, headers, method));

    /// <summary>The files, and the configuration if it is given, are in force when this returns.</summary>
    public static async Task Reload(this RefusalGate gate, string? servers = null)
    {
        var before = gate.Server.ErrorLog.Length;
        if (servers is not null)
        {
            gate.Server.Configure(Gate.Configuration(servers));
        }
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("start worker processes", before);
    }
}
