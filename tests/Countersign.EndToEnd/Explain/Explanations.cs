using System.Text.Json;
using Countersign.EndToEnd.Refusals;

namespace Countersign.EndToEnd.Explain;

/// <summary>countersign explain says of a client what the gate does to it, and openssl verify agrees.</summary>
public sealed class Explanations(ExplainedGround ground) : IClassFixture<ExplainedGround>
{
    [Theory]
    [MemberData(nameof(ExplainedCase.Names), MemberType = typeof(ExplainedCase))]
    public async Task The_verdict_is_that_of_the_gate_for_a_client(string name)
    {
        var one = ExplainedCase.Of(name, ground);
        var client = ground.Gate.As(one.Leaf, one.Chain) with { ServerName = one.Server };
        var (code, explained) = await Explain([.. Files(client), "--server", one.Server]);
        if (explained.GetProperty("accepted").GetBoolean())
        {
            code.ShouldBe(0);
            var answer = await ground.Gate.Accepted(client);
            answer.ShouldContain($"verify={explained.GetProperty("verify").GetString()} ");
            return;
        }
        code.ShouldBe(1);
        ShouldBeAlike(explained, await ground.Gate.Refused(client));
    }

    [Theory]
    [MemberData(nameof(ExplainedCase.Names), MemberType = typeof(ExplainedCase))]
    public async Task Openssl_verify_agrees_about_a_client(string name)
    {
        var one = ExplainedCase.Of(name, ground);
        if (one.Server == "optional.test")
        {
            // What is taken there is no question of the certificate.
            return;
        }
        var client = ground.Gate.As(one.Leaf, one.Chain);
        var (code, _) = await Explain([.. Files(client), "--server", one.Server]);
        var verified = await OpenSsl.Run(
        [
            "verify", "-no-CApath", "-no-CAstore", "-purpose", "sslclient", "-verify_depth", "1",
            "-CAfile", ground.Gate.Pki(one.Server == "localhost" ? "bundle.pem" : "root.pem"),
            .. one.Server == "localhost" ? (string[])[] : ["-crl_check_all", "-CRLfile", ground.Gate.Pki(one.Server == "listed.test" ? "crl.pem" : "lapsed.pem")],
            .. client.Chain is null ? (string[])[] : ["-untrusted", client.Chain],
            client.Certificate!,
        ]);
        (verified.ExitCode == 0).ShouldBe(code == 0, verified.Both);
    }

    [Fact]
    public async Task An_incident_is_explained_from_what_its_client_sent()
    {
        var first = ground.Root.Issue("CN=First again", CertificateShape.Authority);
        var second = first.Issue("CN=Second again", CertificateShape.Authority);
        var record = await ground.Gate.Refused(second.Issue("CN=deep again"), second, first);
        var (code, explained) = await Explain(["--incident", record.Incident]);
        code.ShouldBe(1);
        ShouldBeAlike(explained, record);
    }

    [Fact]
    public async Task What_the_gate_knew_from_another_client_goes_with_the_incident()
    {
        var issuing = ground.Root.Issue("CN=Sent by another", CertificateShape.Authority);
        await ground.Gate.Accepted(issuing.Issue("CN=complete"), issuing);
        var record = await ground.Gate.Refused(issuing.Issue("CN=without it"));
        record.ShouldBe("chain/missing-intermediate", "client", "proved", ("found_subject", "CN=Sent by another"), ("found_in", "a chain that was sent here before"));
        var (_, explained) = await Explain(["--incident", record.Incident]);
        ShouldBeAlike(explained, record);
    }

    [Fact]
    public async Task Without_a_certificate_it_is_what_the_gate_answers()
    {
        var record = await ground.Gate.Refused(new SClient());
        var (code, explained) = await Explain(["--no-cert", "--server", "localhost"]);
        code.ShouldBe(1);
        var refusal = explained.GetProperty("refusal");
        refusal.GetProperty("status").GetInt32().ShouldBe(record.Json.GetProperty("status").GetInt32());
        refusal.GetProperty("nginx").GetString().ShouldBe(record.Nginx);
    }

    [Fact]
    public async Task A_host_of_other_trust_is_refused_as_the_gate_refuses_it()
    {
        var client = ground.Gate.As(ground.Root.Issue("CN=wanderer")) with { ServerName = null };
        var record = await ground.Gate.Refused(client, "other.test");
        var (code, explained) = await Explain([.. Files(client), "--host", "other.test"]);
        code.ShouldBe(1);
        (explained.GetProperty("refusal").GetProperty("id").GetString(), explained.GetProperty("refusal").GetProperty("status").GetInt32())
            .ShouldBe((record.Id, record.Json.GetProperty("status").GetInt32()));
    }

    private static string[] Files(SClient client) => ["--cert", client.Certificate!, .. client.Chain is null ? (string[])[] : ["--chain", client.Chain]];

    private async Task<(int Code, JsonElement Explained)> Explain(string[] arguments)
    {
        var server = ground.Gate.Server;
        var result = await CommandLine.Run(
            ServerProgram.Countersign.Require(), ["explain", "-c", server.ConfigurationPath, "-p", server.Prefix, "--json", .. arguments]);
        result.ExitCode.ShouldBeLessThan(2, result.Both);
        return (result.ExitCode, JsonDocument.Parse(result.Output).RootElement);
    }

    private static void ShouldBeAlike(JsonElement explained, RefusalRecord record)
    {
        var refusal = new RefusalRecord(explained.GetProperty("refusal").GetRawText(), "");
        (refusal.Id, Message(refusal)).ShouldBe((record.Id, Message(record)));
        (refusal.Blame, refusal.Confidence, refusal.Nginx).ShouldBe((record.Blame, record.Confidence, record.Nginx));
        refusal.Errors.ShouldBe(record.Errors);
        refusal.Others.ShouldBe(record.Others);
        refusal.Pastes.ShouldBe(record.Pastes);
        refusal.Json.GetProperty("server").GetString().ShouldBe(record.Json.GetProperty("server").GetString());
    }

    // The clock goes on between the two.
    private static string Message(RefusalRecord refusal) => refusal.Evidence("now") is string now ? refusal.Message.Replace(now, "now") : refusal.Message;
}
