using System.Net.Sockets;

namespace Countersign.Conformance;

/// <summary>Which server block answers a Host, over TCP and over a unix socket.</summary>
public sealed class ServerSelection(Ground<ServerSelection.Servers> ground) : IClassFixture<Ground<ServerSelection.Servers>>
{
    public sealed class Servers : Subject
    {
        private static string Server(string listen, string name) =>
            $$"""server { listen {{listen}}; {{(name.Length == 0 ? "" : $"server_name {name};")}} return 200 "$server_name|$host|$http_host|$sub|$1\n"; }""" + "\n";

        public override string Http =>
            "map $host $sub { default \"\"; ~^(?<s>[^.]+)\\. $s; }\n"
            + Server("%%http%%", "first.test")
            + Server("%%http%% default_server", "default.test")
            + Server("%%http%%", "\"\"")
            + Server("%%http%%", "exact.wild.test")
            + Server("%%http%%", "*.wild.test")
            + Server("%%http%%", ".dotted.test")
            + Server("%%http%%", "ending.*")
            + Server("%%http%%", "*.deep.wild.test")
            + Server("%%http%%", "~^re(?<number>\\d+)\\.test$")
            + Server("%%http%%", "~^re1\\.")
            + Server("%%http%%", "UPPER.test")
            + Server("%%nameless%%", "")
            + Server("unix:%%prefix%%/gate.sock", "socket.test")
            + "server { listen unix:%%prefix%%/gate.sock; server_name addresses.test; return 200 \"$remote_addr|$remote_port|$server_addr|$server_port\\n\"; }\n"
            + "server { listen %%http%%; server_name redirect.test; server_name_in_redirect on; return 301 /x; }\n";
    }

    [Theory]
    [InlineData("first.test")]
    [InlineData("FIRST.test")]
    [InlineData("first.test.")]
    [InlineData("first.test:1")]
    [InlineData("nobody.test")]
    [InlineData("exact.wild.test")]
    [InlineData("other.wild.test")]
    [InlineData("wild.test")]
    [InlineData("a.deep.wild.test")]
    [InlineData("dotted.test")]
    [InlineData("a.b.dotted.test")]
    [InlineData("ending.anything.at.all")]
    [InlineData("ending")]
    [InlineData("re7.test")]
    [InlineData("re1.test")]
    [InlineData("re1.other")]
    [InlineData("upper.test")]
    [InlineData("redirect.test")]
    [InlineData("127.0.0.1")]
    [InlineData("xn--bcher-kva.test")]
    public Task A_host_finds_its_server(string host) => ground.Compare(
        script => script.Exchange("http", $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        $"{nameof(A_host_finds_its_server)}: {host}");

    [Fact]
    public Task No_host_finds_the_server_without_a_name() => ground.Compare(script => script.Exchange("http", "GET / HTTP/1.0\r\n\r\n"));

    [Fact]
    public Task A_server_without_names_answers_all() => ground.Compare(script => script.Get("nameless", "/"));

    [Theory]
    [InlineData("socket.test")]
    [InlineData("addresses.test")]
    public Task A_unix_socket_is_answered(string host) => ground.Compare(
        async script =>
        {
            using var client = await RawClient.Connect(new UnixDomainSocketEndPoint(Path.Combine(script.Prefix, "gate.sock")));
            await client.Send($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            script.Saw(await client.ReadToEnd());
        },
        $"{nameof(A_unix_socket_is_answered)}: {host}");
}
