using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Countersign.Native.Tests.OpenSsl;

/// <summary>The same server against TLS clients that are not ours, over loopback TCP.</summary>
public sealed class OtherPeersTests : IDisposable
{
    private readonly TlsPki _pki = new();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task SslStream_presents_its_certificate_and_chooses_a_protocol(SslProtocols version)
    {
        using var context = TlsServerContext.Create(_pki.ServerOptions());
        var (listener, served) = Serve(context);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        using var certificate = _pki.Client.WithPrivateKey();
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "server.example",
            EnabledSslProtocols = version,
            ClientCertificates = [certificate],
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        await stream.WriteAsync("ping"u8.ToArray());
        var answer = new byte[4];
        await stream.ReadExactlyAsync(answer);

        answer.ShouldBe("ping"u8.ToArray());
        stream.NegotiatedApplicationProtocol.ShouldBe(SslApplicationProtocol.Http11);
        var seen = await served;
        seen.ShouldBe(new Seen(0, "CN=Client,O=Example", "http/1.1", "server.example"));
        listener.Dispose();
    }

    [Fact]
    public async Task A_client_whose_protocols_do_not_match_gets_no_application_protocol()
    {
        using var context = TlsServerContext.Create(_pki.ServerOptions());
        var (listener, served) = Serve(context);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await Should.ThrowAsync<AuthenticationException>(() => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "server.example", ApplicationProtocols = [SslApplicationProtocol.Http2],
        }));

        (await Should.ThrowAsync<InvalidOperationException>(() => served)).Message.ShouldContain("no application protocol");
        listener.Dispose();
    }

    [Fact]
    public async Task S_client_sees_the_names_of_the_trusted_CAs_each_once_in_order()
    {
        using var other = Identity.SelfSigned("CN=Other");
        using var context = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [_pki.ServerPair], VerifyMode = TlsVerifyMode.Optional,
            ClientCertificate = _pki.Write("two.pem", _pki.Root.Pem + other.Pem + _pki.Root.Pem),
        });
        var (listener, served) = Serve(context);
        var said = await Countersign.Testing.OpenSsl.Connect(
            (IPEndPoint)listener.LocalEndpoint, new SClient { ServerName = "server.example", Quiet = false }, "ping");

        said.Output.ShouldContain("Acceptable client certificate CA names\nCN = Root\nCN = Other\nRequested");
        (await served).ShouldBe(new Seen(0, "", null, "server.example"));
        listener.Dispose();
    }

    public void Dispose() => _pki.Dispose();

    private static (TcpListener Listener, Task<Seen> Served) Serve(TlsServerContext context)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (listener, Task.Run(() => Echo(listener, context)));
    }

    // Blocking, so that a step only returns when it is done: WantRead would mean that the socket is not.
    private static Seen Echo(TcpListener listener, TlsServerContext context)
    {
        using var socket = listener.AcceptSocket();
        socket.Blocking = true;
        using var connection = TlsConnection.Accept(context, (int)socket.Handle, null);
        if (connection.Handshake() != TlsStatus.Done)
        {
            throw new InvalidOperationException(connection.Error?.Text);
        }
        var buffer = new byte[100];
        connection.Read(buffer, out var count).ShouldBe(TlsStatus.Done);
        connection.Write(buffer.AsSpan(0, count), out _).ShouldBe(TlsStatus.Done);
        using var certificate = connection.PeerCertificate();
        var subject = certificate == null ? "" : System.Text.Encoding.ASCII.GetString(certificate.SubjectDn);
        var seen = new Seen(connection.VerifyResult, subject, connection.AlpnProtocol, connection.ServerName);
        connection.ShutDown();
        return seen;
    }

    private sealed record Seen(int Result, string Subject, string? Protocol, string? Name);
}
