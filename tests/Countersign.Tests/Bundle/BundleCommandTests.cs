using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Commands;
using Countersign.Commands.Bundle;

namespace Countersign.Tests.Bundle;

public sealed class BundleCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Identity _root = Identity.SelfSigned("CN=Root");
    private readonly Identity _issuing;

    public BundleCommandTests() => _issuing = _root.Issue("CN=Issuing", CertificateShape.Authority);

    [Fact]
    public void A_bundle_with_its_root_has_nothing_to_mend()
    {
        var (code, said, error) = Run(Write("ca.pem", _issuing.Pem + _root.Pem));
        code.ShouldBe(0);
        error.ShouldBeEmpty();
        said.ShouldContain("ca.pem:1  intermediate  CN=Issuing\n");
        said.ShouldContain("ca.pem:2  root          CN=Root\n");
        said.ShouldContain("1 intermediate, 1 root; ssl_verify_depth 1 is enough");
        said.ShouldEndWith("\nnothing to mend\n");
        said.ShouldNotContain("\u001b", Case.Sensitive, "a pipe gets no colour");
    }

    [Fact]
    public void A_missing_root_is_a_fault_with_what_to_do()
    {
        var (code, said, _) = Run(Write("ca.pem", _issuing.Pem));
        code.ShouldBe(1);
        said.ShouldContain("issued by \"CN=Root\", which is missing");
        said.ShouldContain("fault    issuer-missing  \"CN=Root\" with key id ");
    }

    [Fact]
    public void Lists_are_shown_by_authority()
    {
        var bundle = Write("ca.pem", _issuing.Pem + _root.Pem);
        var (code, said, _) = Run([bundle], [Write("crl.pem", _root.Crl())]);
        code.ShouldBe(1);
        said.ShouldMatch(@"\n  CN=Issuing  missing\n");
        said.ShouldMatch(@"\n  CN=Root     \S+/crl\.pem number 1 until \S+, 29 days, 0 revoked\n");
        said.ShouldContain("crl-missing");
    }

    [Fact]
    public void A_fixed_bundle_is_sorted_has_each_once_and_nothing_that_lets_nobody_in()
    {
        using var leaf = _issuing.Issue("CN=client");
        using var ended = Identity.SelfSigned("CN=Ended", CertificateShape.Authority with { NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddDays(-1) });
        var bundle = Write("ca.pem", _root.Pem + leaf.Pem + _issuing.Pem + ended.Pem + _root.Pem);
        var (code, said, error) = Run([bundle], [], fix: true);
        code.ShouldBe(1);
        Regex.Matches(said, "^# .*$", RegexOptions.Multiline).Select(line => line.Value.Split("  ")[1]).ShouldBe(["CN=Issuing", "CN=Root"]);
        error.ShouldContain("left out: \"CN=client\"");
        error.ShouldContain("left out: \"CN=Ended\"");
        error.ShouldContain($"left out: \"CN=Root\" ({bundle}:5) is {bundle}:1 again");

        var (again, _, nothing) = Run(Write("fixed.pem", said));
        again.ShouldBe(0, "what was mended has nothing to mend");
        nothing.ShouldBeEmpty();
        Run([_folder.File("fixed.pem")], [], fix: true).Said.ShouldBe(said, "and stays as it is");
    }

    [Fact]
    public async Task Openssl_reads_a_fixed_bundle()
    {
        using var evil = Identity.SelfSigned("CN=\"-----BEGIN CERTIFICATE-----\nO\"", CertificateShape.Authority);
        using var client = _issuing.Issue("CN=client");
        var (_, said, _) = Run([Write("ca.pem", _root.Pem + evil.Pem + _issuing.Pem)], [], fix: true);
        var verified = await OpenSsl.Run("verify", "-no-CApath", "-no-CAstore", "-CAfile", Write("fixed.pem", said), Write("client.pem", client.Pem));
        verified.ExitCode.ShouldBe(0, verified.Both);
    }

    [Fact]
    public void Json_has_every_certificate_and_finding()
    {
        var (code, said, _) = Run([Write("ca.pem", _issuing.Pem)], [], json: true);
        code.ShouldBe(1);
        var json = JsonDocument.Parse(said).RootElement;
        json.GetProperty("certificates")[0].GetProperty("role").GetString().ShouldBe("intermediate");
        json.GetProperty("missing")[0].GetProperty("issuer").GetString().ShouldBe("CN=Root");
        json.GetProperty("findings")[0].GetProperty("id").GetString().ShouldBe("issuer-missing");
    }

    [Fact]
    public void A_key_is_neither_shown_nor_kept()
    {
        var bundle = Write("ca.pem", _root.KeyPem + _root.Pem);
        var (code, said, _) = Run([bundle], []);
        code.ShouldBe(1);
        said.ShouldContain("private-key");
        var secret = _root.KeyPem.Split('\n')[1];
        (said + Run([bundle], [], fix: true).Said + Run([bundle], [], json: true).Said).ShouldNotContain(secret);
    }

    [Fact]
    public void A_file_that_is_not_there_ends_with_what_to_type()
    {
        var (code, _, error) = Run(_folder.File("none.pem"));
        code.ShouldBe(2);
        error.ShouldBe($"countersign: {_folder.File("none.pem")} does not exist\nTry: ls -l {_folder.Path}\n");
    }

    [Fact]
    public void A_file_without_end_is_given_up()
    {
        var (code, _, error) = Run("/dev/zero");
        code.ShouldBe(2);
        error.ShouldContain("/dev/zero has more than 16 MB");
    }

    private string Write(string name, string text) => _folder.Write(name, text);

    private static (int Code, string Said, string Error) Run(string file) => Run([file], []);

    private static (int Code, string Said, string Error) Run(IReadOnlyList<string> files, IReadOnlyList<string> lists, bool fix = false, bool json = false)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandException.Guard(json, output, error, () => BundleCommand.Run(files, lists, fix, json, output, isRedirected: true, error, TimeProvider.System));
        return (code, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Dispose();
}
