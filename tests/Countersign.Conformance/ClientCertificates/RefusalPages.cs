namespace Countersign.Conformance;

/// <summary>error_page for 494 to 497, and the codes under their own names.</summary>
public sealed class RefusalPages(Ground<RefusalPages.Pages> ground) : IClassFixture<Ground<RefusalPages.Pages>>
{
    public sealed class Pages : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        private static string Server(string name, string pages, string mode = "on") => $$"""
            server {
                listen %%{{name}}%% ssl;
                ssl_certificate pki/server.pem;
                ssl_certificate_key pki/server.key;
                ssl_client_certificate pki/bundle-intermediate-first.pem;
                ssl_verify_client {{mode}};
                ssl_verify_depth 2;
                client_header_buffer_size 1k;
                large_client_header_buffers 2 1k;
                {{pages}}
                location / { return 200 "in\n"; }
            }

            """;

        public override string Http =>
            Server("named", """
                error_page 494 495 496 497 @refused;
                location @refused { add_header X-Why $status always; return 403 "status=$status verify=$ssl_client_verify uri=$uri\n"; }
                """)
            + Server("redirecting", "error_page 495 496 https://help.test/certificate; error_page 497 301 =307 https://$host$request_uri;".Replace("497 301 =307", "497 =307"))
            + Server("coded", "error_page 495 =401 /page; error_page 496 =402 /page; error_page 497 =200 /page; location = /page { internal; return 200 \"page $status $uri\\n\"; }")
            + Server("proxied", """
                error_page 495 496 = @backend;
                location @backend { proxy_http_version 1.1; proxy_set_header Host $proxy_host; proxy_set_header Connection ""; proxy_set_header X-Status $status; proxy_pass http://%%backend:app%%; }
                """)
            + Server("by400", "error_page 400 /page; location = /page { return 200 \"caught as 400\\n\"; }")
            + Server("bare", "server_tokens off;");
    }

    [Theory]
    [InlineData("named")]
    [InlineData("redirecting")]
    [InlineData("coded")]
    [InlineData("proxied")]
    [InlineData("by400")]
    [InlineData("bare")]
    public Task The_refusals_get_their_pages(string server) => ground.Compare(
        async script =>
        {
            await script.Tls(server, new SClient());
            await script.Tls(server, Trust.Shared.Client("other"));
            await script.Get(server, "/x?y=1");
            await script.Tls(server, Trust.Shared.Client("client"));
        },
        $"{nameof(The_refusals_get_their_pages)}: {server}");

    [Theory]
    [InlineData("named")]
    [InlineData("by400")]
    [InlineData("bare")]
    public Task A_header_too_large_gets_its_page(string server) => ground.Compare(
        script => script.Tls(
            server, Trust.Shared.Client("client"), $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('x', 1500)}\r\nConnection: close\r\n\r\n"),
        $"{nameof(A_header_too_large_gets_its_page)}: {server}");

    [Fact]
    public Task A_request_line_too_large_is_414() => ground.Compare(script => script.Tls(
        "named", Trust.Shared.Client("client"), $"GET /{new string('x', 1500)} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}
