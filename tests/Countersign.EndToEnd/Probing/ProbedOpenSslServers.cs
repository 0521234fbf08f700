using System.Text.Json;

namespace Countersign.EndToEnd.Probing;

/// <summary><c>countersign probe</c> against <c>openssl s_server</c>, which refuses with alerts instead of pages.</summary>
public sealed class ProbedOpenSslServers : IAsyncDisposable
{
    private readonly ProbeStand _stand = new();

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task A_client_that_is_verified_is_let_in(string version)
    {
        var target = await _stand.StartOpenSsl("-Verify", "3", "-verify_return_error", "-CAfile", _stand["bundle.pem"]);
        var probe = await _stand.Probe(target, [.. _stand.With("client"), "--tls", version]);
        probe.ExitCode.ShouldBe(0, probe.Why);
        probe.Decisive.GetProperty("protocol").GetString().ShouldBe($"TLSv{version}");
        probe.Decisive.GetProperty("http").GetProperty("status").GetInt32().ShouldBe(200);
        probe.Request.GetProperty("authority_count").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("1.2", 40, "handshake_failure", false)]
    [InlineData("1.3", 116, "certificate_required", true)]
    public async Task A_client_without_a_certificate_gets_the_version_s_alert(string version, int number, string name, bool isAfterFinished)
    {
        var target = await _stand.StartOpenSsl("-Verify", "3", "-CAfile", _stand["bundle.pem"]);
        var probe = await _stand.Probe(target, "--tls", version);
        probe.ExitCode.ShouldBe(1);
        (probe.Reason, probe.Confidence).ShouldBe(("not-sent/not-configured", "proved"));
        var alert = probe.Decisive.GetProperty("alert");
        alert.GetProperty("number").GetInt32().ShouldBe(number);
        alert.GetProperty("name").GetString().ShouldBe(name);
        alert.GetProperty("after_finished").GetBoolean().ShouldBe(isAfterFinished);
        alert.GetProperty("after_certificate").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task A_stranger_gets_unknown_ca(string version)
    {
        using var other = Identity.SelfSigned("CN=Other Root");
        _stand.Put("stranger", other.Issue("CN=stranger"));
        var target = await _stand.StartOpenSsl("-Verify", "3", "-verify_return_error", "-CAfile", _stand["bundle.pem"]);
        var probe = await _stand.Probe(target, [.. _stand.With("stranger"), "--tls", version]);
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("chain/unknown-issuer");
        probe.Decisive.GetProperty("alert").GetProperty("number").GetInt32().ShouldBe(48);
        probe.Decisive.GetProperty("alert").GetProperty("after_certificate").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_revoked_client_is_told_by_the_alert_alone()
    {
        _stand.Write("trust.pem", _stand.Root.Pem + _stand.Issuing.Pem + _stand.Root.Crl() + _stand.Issuing.Crl([_stand.Client]));
        var target = await _stand.StartOpenSsl("-Verify", "3", "-verify_return_error", "-crl_check", "-CAfile", _stand["trust.pem"]);
        var probe = await _stand.Probe(target, _stand.With("client"));
        probe.Findings.ShouldBeEmpty();
        (probe.Reason, probe.Confidence).ShouldBe(("revocation/revoked", "likely"));
        probe.Decisive.GetProperty("alert").GetProperty("number").GetInt32().ShouldBe(44);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task A_key_that_the_server_takes_no_signature_of_is_withheld_by_everybody(string version)
    {
        var target = await _stand.StartOpenSsl("-Verify", "3", "-CAfile", _stand["bundle.pem"], "-client_sigalgs", "rsa_pss_rsae_sha256");
        var probe = await _stand.Probe(target, [.. _stand.With("client"), "--tls", version]);
        probe.ExitCode.ShouldBe(1);
        (probe.Reason, probe.Confidence).ShouldBe(("not-sent/no-common-signature-algorithm", "proved"));
        probe.Decisive.GetProperty("sent_certificates").GetInt32().ShouldBe(0);
        probe.Withheld("OpenSSL").ShouldBe("not-sent/no-common-signature-algorithm");
    }

    [Fact]
    public async Task Without_a_list_of_authorities_nobody_withholds()
    {
        using var other = Identity.SelfSigned("CN=Other Root");
        _stand.Put("stranger", other.Issue("CN=stranger"));
        var probe = await _stand.Probe(await _stand.StartOpenSsl("-verify", "3"), _stand.With("stranger"));
        probe.ExitCode.ShouldBe(0, probe.Why);
        probe.Request.GetProperty("authority_count").GetInt32().ShouldBe(0);
        probe.Withheld("Go").ShouldBeNull();
    }

    [Theory]
    [InlineData("1.3", "c", "post_handshake")]
    [InlineData("1.2", "R", "renegotiation")]
    public async Task A_server_that_asks_late_is_told_from_one_that_asks_at_once(string version, string command, string asked)
    {
        var isConnected = new TaskCompletionSource();
        var server = await _stand.StartOpenSsl(answers: false, line =>
        {
            if (line.StartsWith("CIPHER is", StringComparison.Ordinal))
            {
                isConnected.TrySetResult();
            }
        }, "-CAfile", _stand["bundle.pem"], "-no_resumption_on_reneg");
        var probing = _stand.Probe(_stand.Target("s_server"), "--tls", version, "--timeout", "4s");
        await isConnected.Task.WaitAsync(Deadline.Token());
        await server.StandardInput.WriteLineAsync(command);
        await server.StandardInput.FlushAsync();
        var probe = await probing;
        probe.ExitCode.ShouldBe(0, probe.Why);
        probe.Connections[0].GetProperty("asked").GetString().ShouldBe(asked);
        probe.Connections[0].GetProperty("sent_certificates").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_server_of_one_version_is_met_in_it()
    {
        var probe = await _stand.Probe(await _stand.StartOpenSsl("-tls1_2"), "--tls", "1.3");
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("handshake/protocol-version");
        probe.Decisive.GetProperty("alert").GetProperty("number").GetInt32().ShouldBe(70);
        probe.Request.GetProperty("asked").GetString().ShouldBe("never");
        probe.Server.ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_large_list_of_authorities_is_counted_in_bytes()
    {
        var many = string.Concat(Enumerable.Range(0, 200).Select(i => Named(i)));
        var target = await _stand.StartOpenSsl("-Verify", "3", "-CAfile", _stand.Write("many.pem", many + _stand.Root.Pem));
        var probe = await _stand.Probe(target);
        probe.Request.GetProperty("authority_count").GetInt32().ShouldBe(201);
        probe.Request.GetProperty("authority_bytes").GetInt32().ShouldBeGreaterThan(16 * 1024);
        probe.Request.GetProperty("bytes").GetInt32().ShouldBeGreaterThan(probe.Request.GetProperty("authority_bytes").GetInt32());

        static string Named(int i)
        {
            using var authority = Identity.SelfSigned($"CN=Authority {i} with a name that is not short,O=An organisation of some length,OU=Its department");
            return authority.Pem;
        }
    }
}
