using System.Net;

namespace Countersign.EndToEnd.Refusals;

/// <summary>A gate for clients that come to no request. Beside the usual port <c>slow</c> gives a second only, <c>closed</c> serves one
/// name, and <c>behind</c> is behind a balancer that sends the PROXY protocol.</summary>
public sealed class HandshakeGround : RefusalGround
{
    protected override Task<RefusalGate> Open() => RefusalGate.Open(
        RefusalGate.Guarded()
            + RefusalGate.Guarded(more: "client_header_timeout 1s;").Replace("%%tls%%", "%%slow%%", StringComparison.Ordinal)
            + RefusalGate.Guarded().Replace("%%tls%%", "%%closed%%", StringComparison.Ordinal)
            + RefusalGate.Guarded(more: "client_header_timeout 1s;").Replace("%%tls%% ssl", "%%behind%% ssl proxy_protocol", StringComparison.Ordinal)
            + "server { listen %%closed%% ssl default_server; server_name _; ssl_reject_handshake on; }",
        ("bundle.pem", Root.Pem));

    public EndPoint Port(string name = "tls") => Gate.Server.EndPoint(name);

    /// <summary>A client of the root, with more words for s_client.</summary>
    public SClient Client(string subject, params string[] more)
    {
        var client = Gate.As(Root.Issue(subject));
        return client with { More = [.. client.More, .. more] };
    }

    /// <summary>What the gate writes of a client that is made by hand.</summary>
    /// <param name="act">Until the client ends the connection, or the gate has.</param>
    public Task<RefusalRecord> Refused(Func<HandmadeTls, Task> act, string port = "tls", IPAddress? from = null) => Gate.Refused(async () =>
    {
        using var client = await HandmadeTls.Connect(Port(port), from);
        await act(client);
        return "";
    });
}
