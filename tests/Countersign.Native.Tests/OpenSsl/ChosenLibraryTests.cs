namespace Countersign.Native.Tests.OpenSsl;

public sealed class ChosenLibraryTests
{
    private const string Variable = "COUNTERSIGN_LIBSSL";

    /// <summary>In a second process, because a process has one OpenSSL: copies of the system's, named by the variable.</summary>
    [Fact]
    public async Task The_library_named_by_the_variable_answers_and_agrees_with_its_libcrypto()
    {
        if (SecondProcess.IsThis)
        {
            Check();
            return;
        }
        using var folder = new TemporaryFolder();
        TlsVerification.TextOf(0).ShouldBe("ok");
        foreach (var loaded in Loaded().Where(path => !path.StartsWith(folder.Path, StringComparison.Ordinal)))
        {
            File.Copy(loaded, folder.File(Path.GetFileName(loaded)), overwrite: true);
        }
        await SecondProcess.Run(
            typeof(ChosenLibraryTests), nameof(The_library_named_by_the_variable_answers_and_agrees_with_its_libcrypto), $"{Variable}={folder.File("libssl.so.3")}");
    }

    // The test runner hashes with the system's libcrypto before any of this, so two copies are here: what libssl does and
    // what is asked of libcrypto have to meet in one of them.
    private static void Check()
    {
        var failure = Should.Throw<TlsConfigurationException>(() => TlsServerContext.Create(new TlsServerOptions { Ciphers = "NOTHING" }));

        failure.Message.ShouldBe("SSL_CTX_set_cipher_list(\"NOTHING\") failed (SSL: error:0A0000B9:SSL routines::no cipher match)");
        Loaded().ShouldContain(Environment.GetEnvironmentVariable(Variable));
    }

    private static string[] Loaded() =>
        [.. File.ReadLines("/proc/self/maps")
            .Where(line => line.EndsWith("/libssl.so.3", StringComparison.Ordinal) || line.EndsWith("/libcrypto.so.3", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Distinct()];
}
