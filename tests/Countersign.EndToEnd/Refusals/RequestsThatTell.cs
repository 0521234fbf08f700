namespace Countersign.EndToEnd.Refusals;

/// <summary>Requests that say by themselves how they came to have no certificate, and bytes that are no request.</summary>
public sealed class RequestsThatTell(RequestsThatTell.Ground ground) : IClassFixture<RequestsThatTell.Ground>
{
    private const string Firefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";

    public sealed class Ground : RefusalGround
    {
        protected override Task<RefusalGate> Open() => RefusalGate.Trusting("", Root);
    }

    [Fact]
    [Refuses("not-asked/tls-terminated-in-front")]
    public async Task A_header_of_a_CDN_says_that_TLS_ended_there()
    {
        var record = await ground.Gate.RefusedWith(Clientless.Nobody(), "CF-Ray: 8a1b2c3d4e5f-FRA\r\nX-Forwarded-For: 192.0.2.7\r\n");
        record.ShouldBe("not-asked/tls-terminated-in-front", "network", "likely",
            ("added_in_front", (string[])["CF-Ray", "X-Forwarded-For"]), ("forwarded_for", "192.0.2.7"), ("asked", true))
            .ShouldBeOnPage("not-asked/tls-terminated-in-front");
    }

    [Fact]
    [Innocent("not-asked/tls-terminated-in-front")]
    public async Task A_client_without_them_has_no_certificate_of_its_own() =>
        (await ground.Gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");

    [Fact]
    [Refuses("not-asked/plain-http")]
    public async Task Plain_HTTP_on_the_port_of_TLS_is_told()
    {
        var record = await ground.Gate.Refused(() => Plain("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        record.ShouldBe("not-asked/plain-http", "client", "proved", ("method", "GET"), ("host", "localhost")).ShouldBeOnPage("not-asked/plain-http");
        record.Nginx.ShouldBe("client sent plain HTTP request to HTTPS port");
        record.Json.GetProperty("status").GetInt32().ShouldBe(497);
    }

    [Fact]
    [Innocent("not-asked/plain-http")]
    [Innocent("not-asked/early-data")]
    public async Task The_same_request_over_TLS_is_served()
    {
        // From an address of its own: what the others are told would be that the same client had a certificate once.
        var client = ground.Gate.As(ground.Root.Issue("CN=over TLS"));
        var answer = await ground.Gate.Ask(client with { More = [.. client.More, "-bind", "127.0.0.30"] }, "Early-Data: 1\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
    }

    [Fact]
    [Refuses("not-asked/not-tls")]
    public async Task A_client_of_SSH_is_told_by_what_it_says_first() => (await Foreign("SSH-2.0-OpenSSH_9.2\r\n", "client")).ShouldBeOnPage("not-asked/not-tls");

    [Fact]
    [Refuses("not-asked/not-tls")]
    public Task A_PROXY_header_that_nobody_expects_is_told_by_what_it_says() => Foreign("PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n", "operator");

    [Fact]
    [Innocent("not-asked/not-tls")]
    public async Task A_request_that_can_be_read_is_not_among_them() =>
        (await ground.Gate.Refused(() => Plain("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n"))).Id.ShouldBe("not-asked/plain-http");

    [Fact]
    [Refuses("not-asked/early-data")]
    public async Task Early_data_that_was_taken_in_front_came_before_any_certificate()
    {
        var record = await ground.Gate.RefusedWith(Clientless.Nobody(), "Early-Data: 1\r\n");
        record.ShouldBeOnPage("not-asked/early-data").Blame.ShouldBe("network");
        record.Evidence("early_data").ShouldBe(true);
    }

    [Fact]
    [Refuses("not-asked/cors-preflight")]
    public async Task A_preflight_never_has_a_certificate()
    {
        var record = await ground.Gate.RefusedWith(Clientless.Nobody(), "Origin: https://shop.example\r\nAccess-Control-Request-Method: PUT\r\n", "OPTIONS");
        record.ShouldBe("not-asked/cors-preflight", "operator", "proved",
            ("method", "OPTIONS"), ("origin", "https://shop.example"), ("access_control_request_method", "PUT")).ShouldBeOnPage("not-asked/cors-preflight");
    }

    [Fact]
    [Innocent("not-asked/cors-preflight")]
    public async Task OPTIONS_of_a_program_is_none() =>
        (await ground.Gate.RefusedWith(Clientless.Nobody(), "Origin: https://shop.example\r\n", "OPTIONS")).Id.ShouldBe("not-sent/not-configured");

    [Fact]
    [Refuses("not-sent/credentials-omitted")]
    public async Task A_font_is_fetched_without_credentials()
    {
        var record = await ground.Gate.RefusedWith(Clientless.Nobody(), "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: font\r\nOrigin: https://shop.example\r\n");
        record.ShouldBe("not-sent/credentials-omitted", "client", "likely", ("sec_fetch_dest", "font"), ("origin", "https://shop.example"))
            .ShouldBeOnPage("not-sent/credentials-omitted");
    }

    [Fact]
    [Innocent("not-sent/credentials-omitted")]
    public async Task A_page_is_not() =>
        (await ground.Gate.RefusedWith(Clientless.Nobody(), "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n")).Id.ShouldBe("not-sent/not-configured");

    [Fact]
    [Refuses("not-sent/client-side-proxy")]
    public async Task A_browser_s_name_on_the_handshake_of_OpenSSL_is_somebody_in_between()
    {
        var record = await ground.Gate.RefusedWith(Clientless.Nobody(), Firefox);
        record.ShouldBe("not-sent/client-side-proxy", "network", "possible", ("stack_by_user_agent", "Firefox"), ("stack_by_handshake", "OpenSSL"))
            .ShouldBeOnPage("not-sent/client-side-proxy");
        record.List("could_also_be").ShouldBe(["not-sent/not-configured"]);
    }

    [Fact]
    [Innocent("not-sent/client-side-proxy")]
    public async Task Curl_s_name_is_not() =>
        (await ground.Gate.RefusedWith(Clientless.Nobody(), "User-Agent: curl/8.5.0\r\n")).ShouldBe("not-sent/not-configured", "client", "likely", ("client", "curl"));

    private async Task<RefusalRecord> Foreign(string bytes, string blame) => (await ground.Gate.Refused(() => Plain(bytes)))
        .ShouldBe("not-asked/not-tls", blame, "proved", ("first_bytes_hex", Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(bytes))));

    private async Task<string> Plain(string bytes)
    {
        using var client = await RawClient.Connect(ground.Gate.Server.EndPoint("tls"));
        await client.Send(bytes);
        return await client.ReadToEnd();
    }
}
