using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Countersign.EndToEnd.Probing;

/// <summary><c>countersign probe</c> where there is no server of TLS, or one that means no good: it ends in time, and says what to type next.</summary>
public sealed class ProbedOthers : IAsyncDisposable
{
    private readonly ProbeStand _stand = new();

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task A_port_where_nobody_listens()
    {
        var target = _stand.Target("nobody");
        var result = await _stand.Type(target);
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBe($"countersign: nothing listens on {target} (connection refused)\nTry: ss -ltn 'sport = :{target.Split(':')[1]}'\n");
    }

    [Fact]
    public async Task A_name_without_an_address()
    {
        var result = await _stand.Type("nobody.invalid:443");
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith("countersign: the name nobody.invalid has no address (");
        result.Error.ShouldEndWith("\nTry: getent ahosts nobody.invalid\n");
    }

    [Fact]
    public async Task A_port_of_plain_HTTP()
    {
        await _stand.Start(ServerProgram.Nginx, "server { listen %%plain%%; location / { return 200; } }");
        var target = _stand.Target("plain");
        var result = await _stand.Type(target);
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBe($"countersign: {target} speaks plain HTTP: nobody is asked for a certificate there\nTry: countersign probe localhost:443\n");
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n", "speaks SSH", "countersign probe localhost:443")]
    [InlineData("220 mail.example ESMTP\r\n", "speaks SMTP or FTP and begins TLS only when it is told to", "-starttls smtp")]
    [InlineData("\u0001\u0002\u0003\u0004binary", "does not speak TLS: it sent 010203", "openssl s_client")]
    public async Task A_server_of_another_protocol(string banner, string said, string next)
    {
        await using var server = OneServer.Start(stream => stream.WriteAsync(Encoding.Latin1.GetBytes(banner)).AsTask());
        var result = await _stand.Type(server.Target);
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain(said);
        result.Error.ShouldContain("\nTry: ");
        result.Error.ShouldContain(next);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        await using var server = OneServer.Start(_ => Task.CompletedTask);
        var probe = await _stand.Probe(server.Target, "--timeout", "1s");
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("handshake/timeout");
        probe.Decisive.GetProperty("end").GetString().ShouldBe("timed_out");
    }

    [Fact]
    public async Task An_answer_without_an_end_is_cut()
    {
        await using var server = OneServer.Start(async stream =>
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            using var certificate = Loaded(_stand.ServerIdentity);
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            var more = new byte[16 * 1024];
            while (true)
            {
                await tls.WriteAsync(more);
            }
        });
        var probe = await _stand.Probe(server.Target, "--tls", "1.3");
        probe.ExitCode.ShouldBe(0, probe.Why);
        probe.Decisive.GetProperty("http").GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task A_stranger_s_text_cannot_steer_the_terminal()
    {
        await using var server = OneServer.Start(async stream =>
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            using var certificate = Loaded(_stand.ServerIdentity);
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.WriteAsync("HTTP/1.1 403 No\u001b[2J\r\nServer: a\u001b]0;b\u0007\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        });
        var result = await _stand.Type(server.Target, "--ca", _stand["root.pem"], "--tls", "1.3");
        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain("REFUSED  authorization/not-allowed (possible)");
        result.Output.ShouldNotContain("\u001b");
        result.Output.ShouldNotContain("\u0007");
    }

    [Theory]
    [InlineData("is no HOST:PORT", "localhost:0")]
    [InlineData("is plain HTTP", "http://localhost/")]
    [InlineData("is no version of TLS", "localhost:1", "--tls", "1.1")]
    [InlineData("is no time", "localhost:1", "--timeout", "soon")]
    [InlineData("--key and --chain belong to a --cert", "localhost:1", "--key", "x.key")]
    [InlineData("/nowhere/x.pem does not exist", "localhost:1", "--cert", "/nowhere/x.pem")]
    [InlineData("cannot be sent", "localhost:1", "--path", "/a b")]
    public async Task What_cannot_be_done_is_a_slip_of_the_caller(string said, params string[] arguments)
    {
        var result = await CommandLine.Run(ServerProgram.Countersign.Require(), ["probe", .. arguments]);
        result.ExitCode.ShouldBe(2, result.Both);
        result.Error.ShouldContain(said);
        result.Error.ShouldContain("\nTry: ");
    }

    [Fact]
    public async Task An_unknown_option_is_one_as_well() =>
        (await CommandLine.Run(ServerProgram.Countersign.Require(), ["probe", "localhost", "--nonsense"])).ExitCode.ShouldBe(2);

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 Loaded(Identity identity) =>
        System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(
            identity.WithPrivateKey().Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12), null);

    /// <summary>Does the same with every connection, and keeps it open until the test ends.</summary>
    private sealed class OneServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];
        private readonly Task _accepting;

        private OneServer(Func<NetworkStream, Task> serve)
        {
            _listener.Start();
            _accepting = Accept(serve);
        }

        public string Target => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public static OneServer Start(Func<NetworkStream, Task> serve) => new(serve);

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _accepting;
            _clients.ForEach(client => client.Dispose());
        }

        private async Task Accept(Func<NetworkStream, Task> serve)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _clients.Add(client);
                    _ = Serve(client.GetStream(), serve);
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // The test is over.
                return;
            }
        }

        private static async Task Serve(NetworkStream stream, Func<NetworkStream, Task> serve)
        {
            try
            {
                await serve(stream);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                // The client has seen enough.
                return;
            }
        }
    }
}
