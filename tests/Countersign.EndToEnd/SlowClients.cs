namespace Countersign.EndToEnd;

/// <summary>Clients that take their time: they keep nobody else waiting, and lose their connection when the time for a step is over.</summary>
public sealed class SlowClients
{
    /// <summary>A TLS record of sixteen kilobytes begins, with a hello of its length.</summary>
    private const string HandshakeBegun = "\u0016\u0003\u0001\u0040\u0000\u0001\u0000\u003f\u00fc\u0003\u0003";

    private static readonly string Hurried = Gate.Configuration(Gate.Plain + """
        client_header_timeout 500ms;
        client_body_timeout 100ms;
        send_timeout 100ms;
        server { listen %%patient%%; client_header_timeout 60s; location / { proxy_pass http://%%app%%; } }
        server { listen %%head%%; location / { proxy_pass http://%%app%%; } }
        server { listen %%handshake%% ssl; ssl_certificate pki/server.pem; ssl_certificate_key pki/server.key; return 200; }
        server { listen %%proxied%% proxy_protocol; return 200; }
        """).Replace(Gate.Plain, Gate.Plain.Replace("server {", "server { client_header_timeout 60s;"));

    [Theory]
    [InlineData("head", "", "while waiting for request")]
    [InlineData("head", "GET / HTTP/1.1\r\nX: ", "while reading client request headers")]
    [InlineData("handshake", HandshakeBegun, "while SSL handshaking")]
    [InlineData("proxied", "PROXY TCP4 1", "while reading PROXY protocol")]
    public async Task A_client_that_sends_a_byte_now_and_then_is_cut_off_in_time(string port, string begun, string doing)
    {
        await using var gate = await Gate.Open(Hurried);
        using var client = await RawClient.Connect(gate.Server.EndPoint(port));
        var end = client.ReadToEnd();
        await client.Send(begun);
        // Each byte would begin the time anew, were it not for the whole step; those who come in between are served.
        while (!end.IsCompleted)
        {
            if (begun.Length > 0)
            {
                await SendIfOpen(client, "1");
            }
            (await gate.Get("http", "/static")).ShouldEndWith("static\n");
        }
        (await end).ShouldBeOneOf("", "[reset]");
        await gate.Server.ErrorLog.WaitFor($"client timed out (110: Connection timed out) {doing}, client: 127.0.0.1, server: ");
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_a_408()
    {
        await using var gate = await Gate.Open(Hurried);
        using var client = await gate.Connect("patient");
        await client.Send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
        var end = client.ReadToEnd();
        (await gate.Get("http")).ShouldEndWith("hello");
        (await end).ShouldBe("");
        await gate.Server.AccessLog.WaitFor("\"POST / HTTP/1.1\" 408 0 ");
    }

    [Fact]
    public async Task A_client_that_does_not_read_lets_its_backend_go()
    {
        await using var gate = await Gate.Open(Hurried);
        var backend = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            if ((await connection.ReadRequest())!.StartLine.Contains("/well", StringComparison.Ordinal))
            {
                await connection.Send(Backend.Hello);
                return;
            }
            try
            {
                await connection.Send("HTTP/1.1 200 OK\r\n\r\n");
                while (true)
                {
                    await connection.Send(new string('x', 65536));
                }
            }
            catch (IOException)
            {
                backend.SetResult();
            }
        };
        using var client = await gate.Connect("patient");
        await client.Send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await gate.Get("http", "/well")).ShouldEndWith("hello");
        await backend.Task.WaitAsync(Deadline.Usual);
        await gate.Server.ErrorLog.WaitFor("client timed out (110: Connection timed out) while sending to client");
        (await gate.Get("http", "/well")).ShouldEndWith("hello");
    }

    private static async Task SendIfOpen(RawClient client, string text)
    {
        try
        {
            await client.Send(text);
        }
        catch (IOException)
        {
            // Cut off between the question and the byte.
        }
    }
}
