namespace Countersign.EndToEnd;

/// <summary>What cannot be read in full does not start, and the file at fault is named.</summary>
public sealed class StartsThatFail
{
    [Theory]
    [InlineData("bundle.pem", "")]
    [InlineData("bundle.pem", "no certificate in here\n")]
    [InlineData("bundle.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n")]
    [InlineData("bundle.pem", "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("bundle.pem", null)]
    [InlineData("server.pem", "")]
    [InlineData("server.key", "")]
    [InlineData("crl.pem", "")]
    [InlineData("crl.pem", "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n")]
    [InlineData("crl.pem", null)]
    public async Task A_broken_file_prevents_the_start(string file, string? content)
    {
        await using var good = await Gate.Open(Configuration("%%pki%%"));
        if (content is null)
        {
            File.Delete(good.Pki(file));
        }
        else
        {
            good.WritePki(file, content);
        }

        // A second program over the broken files, on ports of its own.
        var (code, said, _) = await Gate.Try(Configuration(Path.GetDirectoryName(good.Pki(file))!));
        code.ShouldBe(1);
        said.ShouldContain($"/{file}\"");
    }

    [Theory]
    [InlineData("/no/such/libssl.so.3", "cannot be loaded: /no/such/libssl.so.3: cannot open shared object file: No such file or directory", "-t")]
    [InlineData("/etc/passwd", "cannot be loaded: /etc/passwd: invalid ELF header", "demo")]
    public async Task A_libssl_that_cannot_be_loaded_is_said_and_what_to_type(string library, string what, string argument)
    {
        var (code, _, said) = await CommandLine.Run("env", [$"COUNTERSIGN_LIBSSL={library}", ServerProgram.Countersign.Require(), argument]);
        code.ShouldBe(1);
        said.ShouldBe($"countersign: [emerg] {library} {what}\n  It is named by COUNTERSIGN_LIBSSL. Type: unset COUNTERSIGN_LIBSSL\n");
    }

    [Fact]
    public async Task A_bundle_cut_within_its_second_certificate_prevents_the_start()
    {
        await using var good = await Gate.Open(Configuration("%%pki%%"));
        good.WritePki("bundle.pem", good.Issuing.Pem + good.Root.Pem[..^60]);
        if (ServerProgram.Countersign.IsNginx)
        {
            return; // Debian's nginx takes what it could read; mainline refuses.
        }

        var (code, said, _) = await Gate.Try(Configuration(Path.GetDirectoryName(good.Pki("bundle.pem"))!));
        said.ShouldContain("bundle.pem");
        code.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_of_another_certificate_prevents_the_start()
    {
        await using var good = await Gate.Open(Configuration("%%pki%%"));
        good.WritePki("server.key", good.Client.KeyPem);
        var (code, said, _) = await Gate.Try(Configuration(Path.GetDirectoryName(good.Pki("server.key"))!));
        said.ShouldContain("key values mismatch");
        code.ShouldBe(1);
    }

    [Fact]
    public async Task A_port_in_use_prevents_the_start()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain));
        var taken = gate.Server.EndPoint("http").ToString();
        // nginx asks again five times, half a second apart, before it gives up.
        var (code, said, _) = await Gate.Try(Gate.Configuration(Gate.Plain.Replace("%%http%%", taken)));
        said.ShouldContain($"bind() to {taken} failed (98: Address already in use)");
        code.ShouldBe(1);
    }

    private static string Configuration(string pki) =>
        Gate.Configuration(Gate.Guarded.Replace(" pki/", $" {pki}/").Replace("ssl_verify_depth 2;", $"ssl_verify_depth 2; ssl_crl {pki}/crl.pem;"));
}
