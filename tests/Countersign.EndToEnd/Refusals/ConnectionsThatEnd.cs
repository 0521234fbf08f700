using System.Net;

namespace Countersign.EndToEnd.Refusals;

/// <summary>A connection ends in the middle of its handshake, and nobody says why: it is told from when and how.</summary>
public sealed class ConnectionsThatEnd(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    private const int ApplicationSettings = 17513;

    [Fact]
    [Refuses("handshake/browser-paused")]
    public async Task A_browser_that_closes_when_it_is_asked_is_showing_its_list()
    {
        var record = await ground.Refused(client => client.Begin("localhost", ApplicationSettings));
        record.ShouldBe("handshake/browser-paused", "nobody", "likely").ShouldBeOnPage("handshake/browser-paused");
        record.Nginx.ShouldBe("peer closed connection in SSL handshake");
        await ground.Gate.Server.ErrorLog.WaitFor($"[info] ");
        await ground.Gate.Server.ErrorLog.WaitFor($"refused (handshake/browser-paused, incident {record.Incident}): ");
    }

    [Fact]
    [Innocent("handshake/browser-paused")]
    public async Task Another_client_that_does_the_same_is_not()
    {
        var record = await ground.Refused(client => client.Begin());
        record.Id.ShouldBe("handshake/client-gave-up");
        record.Blame.ShouldBe("client");
    }

    [Fact]
    [Refuses("handshake/client-gave-up")]
    public async Task Who_connects_and_says_nothing_is_written_down_once_an_hour()
    {
        var checker = IPAddress.Parse("127.0.0.9");
        var record = await ground.Refused(_ => Task.CompletedTask, from: checker);
        record.ShouldBe("handshake/client-gave-up", "nobody", "likely").ShouldBeOnPage("handshake/client-gave-up");
        record.Text("client").ShouldStartWith("127.0.0.9:");
        record.Nginx.ShouldBe("client closed connection");

        using (await HandmadeTls.Connect(ground.Port(), checker))
        {
        }
        // The second silence is not written down; half a ClientHello is.
        var next = await ground.Refused(client => client.SendRaw(new byte[] { 0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3 }), from: checker);
        next.Message.ShouldContain("in the middle of its ClientHello");
    }

    [Fact]
    [Refuses("handshake/client-gave-up")]
    [Innocent("not-asked/not-tls")]
    public async Task An_alert_in_the_place_of_a_hello_is_TLS()
    {
        var record = await ground.Refused(async client =>
        {
            await client.SendAlert(80);
            await client.ReadToEnd();
        });
        record.ShouldBe("handshake/client-gave-up", "client", "proved", ("first_alert", "internal_error (80)"));
    }

    [Fact]
    [Innocent("handshake/client-gave-up")]
    public Task A_client_that_closes_after_its_answer_has_got_in() => ground.Gate.Accepted(ground.Root.Issue("CN=patient"));

    [Fact]
    [Refuses("handshake/timeout")]
    public async Task A_client_that_does_not_answer_in_its_time_is_ended()
    {
        var record = await ground.Refused(
            async client =>
            {
                await client.Begin();
                await client.ReadToEnd();
            },
            "slow");
        record.ShouldBeOnPage("handshake/timeout");
        record.Nginx.ShouldBe("client timed out (110: Connection timed out)");
    }

    [Fact]
    [Innocent("handshake/timeout")]
    public async Task A_client_that_does_gets_in_there()
    {
        var result = await OpenSsl.Connect(
            ground.Gate.Server.EndPoint("slow"), ground.Client("CN=quick"), "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        result.Output.ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    [Refuses("handshake/connection-reset")]
    public async Task A_connection_that_is_reset_says_less_than_any_end_of_TLS()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            client.Reset();
        });
        record.ShouldBeOnPage("handshake/connection-reset");
        record.Nginx.ShouldContain("(104: Connection reset by peer)");
    }

    [Fact]
    [Innocent("handshake/connection-reset")]
    public async Task A_connection_that_is_closed_is_not_reset() => (await ground.Refused(client => client.Begin())).Id.ShouldNotBe("handshake/connection-reset");

    [Fact]
    [Refuses("handshake/bad-record")]
    public async Task Bytes_that_are_no_record_end_the_handshake()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendRaw(new byte[] { 0x17, 0x09, 0x09, 0, 5, 1, 2, 3, 4, 5 });
            await client.ReadToEnd();
        });
        record.ShouldBeOnPage("handshake/bad-record");
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number");
    }

    [Fact]
    [Innocent("handshake/bad-record")]
    public Task A_handshake_in_small_pieces_is_as_good_as_one_in_large_ones() => ground.Gate.Accepted(ground.Client("CN=pieces", "-max_send_frag", "512"));
}
