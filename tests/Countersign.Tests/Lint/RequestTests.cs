namespace Countersign.Tests.Lint;

public sealed class RequestTests : IDisposable
{
    private const string Pass = "proxy_pass http://127.0.0.1:8080;";

    private readonly Tested _gate = new();

    [Fact, Warns("lint/optional-unchecked")]
    public void A_result_that_nobody_looks_at_is_told() =>
        _gate.Http(Optional($"location / {{ {Pass} }}")).ShouldBeOnPage("lint/optional-unchecked").ShouldStartWith(
            "countersign: [warn] \"ssl_verify_client optional\" lets clients without a certificate in, and nothing here or towards the backend looks at "
            + $"$ssl_client_verify (lint/optional-unchecked, server \"gate.example.com\") in {_gate.Path}/nginx.conf:4\n");

    [Fact, Warns("lint/optional-unchecked")]
    public void A_log_does_not_keep_anybody_out() =>
        _gate.Http($"log_format who $ssl_client_verify; access_log logs/access.log who;\n{Optional($"location / {{ {Pass} }}")}").ShouldContain("(lint/optional-unchecked, ");

    [Fact, Warns("lint/optional-unchecked")]
    public void A_name_that_nobody_verified_is_no_check() =>
        _gate.Http(Optional($"location / {{ {Pass} proxy_set_header X-Client $ssl_client_s_dn; }}", "optional_no_ca"))
            .ShouldContain("\"ssl_verify_client optional_no_ca\" lets clients in with no certificate or any");

    [Theory, Quiet("lint/optional-unchecked")]
    [InlineData("if ($ssl_client_verify != SUCCESS) { return 403; } location / { %pass% }")]
    [InlineData("location / { if ($verified = 0) { return 403; } %pass% }")]
    [InlineData("set $result $ssl_client_verify; location / { %pass% proxy_set_header X-Result $result; }")]
    [InlineData("location / { %pass% proxy_set_header X-SSL-Client-Verify $ssl_client_verify; }")]
    [InlineData("location / { %pass% proxy_set_header X-Client $ssl_client_s_dn; }")]
    [InlineData("if ($ssl_client_s_dn ~ CN=(?<common>[^,]+)) { set $who $common; } location / { %pass% proxy_set_header X-Who $who; }")]
    [InlineData("location / { proxy_pass http://127.0.0.1:8080/$ssl_client_verify; }")]
    [InlineData("return 403;")]
    [InlineData("return 301 https://www.example.com$request_uri;")]
    public void A_result_that_is_looked_at_is_fine(string content) => _gate.Http(Verified + Optional(content.Replace("%pass%", Pass))).ShouldBeEmpty();

    [Theory, Quiet("lint/optional-unchecked")]
    [InlineData("proxy_set_header X-Cert $ssl_client_escaped_cert;")]
    [InlineData("proxy_set_header X-Print $ssl_client_fingerprint;")]
    [InlineData("proxy_set_header X-SSL-Client-Verify $ssl_client_verify;")]
    public void Another_may_verify_what_the_gate_does_not(string header) =>
        _gate.Http(Optional($"location / {{ {Pass} {header} }}", "optional_no_ca")).ShouldBeEmpty();

    [Fact, Warns("lint/spoofable-header")]
    public void A_header_that_a_location_loses_by_one_of_its_own_is_told() =>
        _gate.Http(Tested.Gate("gate.example.com",
            $$"""
            proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
            proxy_set_header X-SSL-Client-Subject "$ssl_client_s_dn of the gate";
            location / { {{Pass}} }
            location /live/ { {{Pass}} proxy_set_header Host $host; }
            """)).ShouldBeOnPage("lint/spoofable-header").ShouldBe(
            $"""
            countersign: [warn] location /live/ passes X-SSL-Client-Verify and X-SSL-Client-Subject on as the client sent them, and the backend takes them for the gate's: a proxy_set_header of its own replaces all those around a location (lint/spoofable-header, server "gate.example.com") in {_gate.Path}/nginx.conf:8
              Set there what is set elsewhere:
                  proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
                  proxy_set_header X-SSL-Client-Subject "$ssl_client_s_dn of the gate";

            """);

    [Theory, Warns("lint/spoofable-header")]
    [InlineData("location / { %pass% proxy_set_header X-Who $who; } location /b { %pass% }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location @b { %pass% } error_page 404 @b;")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location = /b { if ($arg_x) { %pass% } return 403; }")]
    public void What_one_location_tells_a_backend_another_must_not_leave_to_the_client(string content) =>
        _gate.Http($"map $ssl_client_s_dn $who {{ default $ssl_client_s_dn; }}\n{Tested.Gate("gate.example.com", content.Replace("%pass%", Pass))}")
            .ShouldContain("passes X-Who on as the client sent it");

    [Theory, Quiet("lint/spoofable-header")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location /b { %pass% proxy_set_header x-who \"\"; }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location /b { proxy_pass http://127.0.0.1:9090; }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location /b { %pass% proxy_pass_request_headers off; }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location /b { return 404; %pass% }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; } location /b { root /srv; }")]
    [InlineData("location / { %pass% proxy_set_header X-Who $ssl_client_serial; if ($arg_x) { %pass% } }")]
    [InlineData("proxy_set_header X-Who $ssl_client_serial; location / { %pass% } location /b { %pass% location /b/c { %pass% } }")]
    [InlineData("location / { %pass% proxy_set_header X-Address $remote_addr; } location /b { %pass% }")]
    public void What_the_client_sends_itself_does_not_arrive(string content) =>
        _gate.Http(Tested.Gate("gate.example.com", content.Replace("%pass%", Pass))).ShouldBeEmpty();

    [Fact, Warns("lint/backend-unverified")]
    public void A_backend_that_need_not_prove_itself_is_told() =>
        _gate.Http(Tested.Gate("gate.example.com", "location / { proxy_pass https://192.0.2.1:8443; }")).ShouldBeOnPage("lint/backend-unverified").ShouldStartWith(
            "countersign: [warn] the backend https://192.0.2.1:8443 need not prove who it is, as proxy_ssl_verify is off: anybody on the way to it may take its "
            + $"place (lint/backend-unverified, server \"gate.example.com\") in {_gate.Path}/nginx.conf:5\n");

    [Theory, Quiet("lint/backend-unverified")]
    [InlineData("proxy_pass https://192.0.2.1:8443; proxy_ssl_verify on; proxy_ssl_trusted_certificate bundle.pem;")]
    [InlineData("proxy_pass https://127.0.0.1:8443;")]
    [InlineData("proxy_pass https://unix:/run/app.sock:/;")]
    [InlineData("proxy_pass http://192.0.2.1:8080;")]
    public void A_backend_that_is_verified_or_near_is_fine(string pass) =>
        _gate.Http(Tested.Gate("gate.example.com", $"location / {{ {pass} }}")).ShouldBeEmpty();

    [Fact, Warns("lint/hidden-refusals")]
    public void Refusals_that_no_log_has_are_told() =>
        _gate.Http($"refusal_log off;\n{Tested.Gate("gate.example.com")}").ShouldBeOnPage("lint/hidden-refusals").ShouldStartWith(
            "countersign: [warn] no log says whom the gate refuses: there is no refusal_log, and error_log leaves out what is below error "
            + $"(lint/hidden-refusals, server \"gate.example.com\") in {_gate.Path}/nginx.conf:5\n");

    [Fact, Warns("lint/hidden-refusals")]
    public void Beside_an_error_log_that_is_no_file_there_is_no_refusal_log() =>
        _gate.Http($"error_log stderr;\n{Tested.Gate("gate.example.com")}").ShouldContain("(lint/hidden-refusals, ");

    [Theory, Quiet("lint/hidden-refusals")]
    [InlineData("refusal_log off; error_log logs/error.log warn;")]
    [InlineData("refusal_log logs/refusal.txt warn text; error_log stderr;")]
    [InlineData("error_log logs/error.log;")]
    public void One_log_with_refusals_is_enough(string logs) => _gate.Http($"{logs}\n{Tested.Gate("gate.example.com")}").ShouldBeEmpty();

    private const string Verified = "map $ssl_client_verify $verified { default 0; SUCCESS 1; }\n";

    private static string Optional(string content, string mode = "optional") => Tested.Gate("gate.example.com", content).Replace("ssl_verify_client on", $"ssl_verify_client {mode}");

    public void Dispose() => _gate.Dispose();
}
