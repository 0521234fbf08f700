namespace Countersign.EndToEnd.Explain;

/// <summary>What countersign bundle says about the order of a bundle is what OpenSSL makes of it.</summary>
public sealed class BundleOrders : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Identity _root = Identity.SelfSigned("CN=Root");
    private readonly string _cross;
    private readonly string _client;

    public BundleOrders()
    {
        _cross = Identity.SelfSigned("CN=Old Root").Issue("CN=Root", CertificateShape.Authority, _root.Key).Pem;
        _client = _folder.Write("client.pem", _root.Issue("CN=client").Pem);
    }

    [Fact]
    public async Task A_cross_signed_certificate_whose_issuer_is_missing_refuses_clients_only_before_the_root()
    {
        (await IsVerified(_folder.Write("bundle.pem", _root.Pem + _cross))).ShouldBeTrue();
        (await Bundle("bundle.pem")).Output.ShouldContain("warning  issuer-missing");
        (await IsVerified(_folder.Write("bundle.pem", _cross + _root.Pem))).ShouldBeFalse();
        (await Bundle("bundle.pem")).Output.ShouldContain("fault    issuer-missing");
    }

    [Fact]
    public async Task A_fixed_bundle_has_the_root_before_it_and_lets_clients_in()
    {
        _folder.Write("bundle.pem", _cross + _root.Pem);
        var mended = await Bundle("bundle.pem", "--fix");
        (await IsVerified(_folder.Write("fixed.pem", mended.Output))).ShouldBeTrue(mended.Both);
    }

    private Task<CommandResult> Bundle(string file, params string[] options) =>
        CommandLine.Run(ServerProgram.Countersign.Require(), ["bundle", _folder.File(file), .. options]);

    private async Task<bool> IsVerified(string bundle) =>
        (await OpenSsl.Run("verify", "-no-CApath", "-no-CAstore", "-CAfile", bundle, _client)).ExitCode == 0;

    public void Dispose() => _folder.Dispose();
}
