using System.Text;

namespace Countersign.Native.Tests.OpenSsl;

/// <summary>The emerg texts, against the real nginx where its version loads files the way the specification's does.</summary>
public sealed class ConfigurationErrorTests : IDisposable
{
    private readonly TlsPki _pki = new();

    [Fact]
    public Task A_missing_certificate() => SaysWhatNginxSays(new TlsKeyPair(_pki.Missing("no.pem"), _pki.ServerPair.Key));

    [Fact]
    public Task A_missing_key() => SaysWhatNginxSays(new TlsKeyPair(_pki.ServerPair.Certificate, _pki.Missing("no.key")));

    [Fact]
    public Task A_certificate_that_is_none() => SaysWhatNginxSays(new TlsKeyPair(_pki.Write("text.pem", "hello\n"), _pki.ServerPair.Key));

    [Fact]
    public Task A_broken_certificate() => SaysWhatNginxSays(
        new TlsKeyPair(_pki.Write("broken.pem", _pki.Server.Pem[..200] + "\n-----END CERTIFICATE-----\n"), _pki.ServerPair.Key));

    [Fact]
    public Task A_broken_second_certificate() => SaysWhatNginxSays(
        new TlsKeyPair(_pki.Write("second.pem", _pki.Server.Pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), _pki.ServerPair.Key));

    [Fact]
    public Task A_key_of_another_certificate() => SaysWhatNginxSays(new TlsKeyPair(_pki.ServerPair.Certificate, _pki.ClientPair.Key));

    [Fact]
    public Task A_wrong_password() => SaysWhatNginxSays(new TlsKeyPair(_pki.ServerPair.Certificate, Encrypted("right")), "wrong");

    [Fact]
    public Task Ciphers_that_match_nothing() => SaysWhatNginxSays(_pki.ServerPair, ciphers: "NOTHING");

    [Fact]
    public void The_second_password_of_the_list_opens_the_key()
    {
        using var context = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [new TlsKeyPair(_pki.ServerPair.Certificate, Encrypted("right"))],
            Passwords = ["wrong"u8.ToArray(), "right"u8.ToArray()],
        });
        using var client = TlsClientContext.Create(new TlsClientOptions());
        TlsPair.Connected(context, client).Dispose();
    }

    [Fact]
    public void Certificates_and_keys_come_from_data_values_too_with_a_password_that_needs_a_second_try()
    {
        var key = File.ReadAllText(Encrypted("right"));
        using var context = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [new TlsKeyPair("data:" + _pki.Server.Pem, "data:" + key)],
            Passwords = ["wrong"u8.ToArray(), "right"u8.ToArray()],
        });
        using var client = TlsClientContext.Create(new TlsClientOptions());
        TlsPair.Connected(context, client).Dispose();
    }

    [Fact]
    public void A_file_that_many_servers_name_is_read_once_in_a_load()
    {
        var pair = new TlsKeyPair(_pki.Write("once.pem", _pki.Server.Pem), Encrypted("right"));
        var options = new TlsServerOptions { Certificates = [pair], Passwords = ["wrong"u8.ToArray(), "right"u8.ToArray()] };
        using (PemFiles.Open())
        {
            TlsServerContext.Create(options).Dispose();
            File.Delete(pair.Certificate);
            File.Delete(pair.Key);
            TlsServerContext.Create(options).Dispose();
        }
        Failure(options).ShouldContain("No such file or directory");
    }

    [Fact]
    public async Task A_folder_in_place_of_a_certificate_is_named_as_ever()
    {
        var folder = new TlsKeyPair(Path.GetTempPath(), _pki.ServerPair.Key);
        var plain = Failure(new TlsServerOptions { Certificates = [folder] });
        using (PemFiles.Open())
        {
            Failure(new TlsServerOptions { Certificates = [folder] }).ShouldBe(plain);
        }
        await SaysWhatNginxSays(folder);
    }

    [Fact]
    public void A_missing_bundle_and_CRL_are_named()
    {
        var missing = _pki.Missing("no.pem");
        var why = $"BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen({missing}, r) "
            + "error:10000080:BIO routines::no such file)";
        TlsServerOptions Options(string? bundle, string? trusted, string? crl) => new()
        {
            Certificates = [_pki.ServerPair], VerifyMode = TlsVerifyMode.On, ClientCertificate = bundle, TrustedCertificate = trusted, Crl = crl,
        };

        Failure(Options(missing, null, null)).ShouldBe($"cannot load certificate \"{missing}\": {why}");
        Failure(Options(_pki.RootFile, missing, null)).ShouldBe($"cannot load certificate \"{missing}\": {why}");
        Failure(Options(_pki.RootFile, null, missing)).ShouldBe($"cannot load CRL \"{missing}\": {why}");
        Failure(Options(null, null, null)).ShouldBe("no ssl_client_certificate or ssl_trusted_certificate for ssl_verify_client");
        Failure(Options(_pki.Write("empty.pem", ""), null, null)).ShouldContain("PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line");
    }

    [Fact]
    public void A_bad_group_dhparam_and_command_are_named()
    {
        Failure(new TlsServerOptions { Groups = "nowhere" }).ShouldStartWith("SSL_CTX_set1_curves_list(\"nowhere\") failed");
        Failure(new TlsServerOptions { DhParam = _pki.RootFile }).ShouldStartWith($"PEM_read_bio_Parameters(\"{_pki.RootFile}\") failed (SSL: ");
        Failure(new TlsServerOptions { ConfCommands = [("Nothing", "x")] })
            .ShouldStartWith("SSL_CONF_cmd(\"Nothing\", \"x\") failed (SSL: error:0A000182:SSL routines::unknown cmd name:cmd=Nothing");
    }

    [Fact]
    public void A_command_s_path_is_meant_from_the_configuration_s_folder()
    {
        var folder = Path.GetDirectoryName(_pki.RootFile)!;
        TlsServerContext.Create(new TlsServerOptions
        {
            ConfCommands = [("Certificate", "server.pem"), ("PrivateKey", "server.key")], ConfigurationFolder = folder,
        }).Dispose();
        Failure(new TlsServerOptions { ConfCommands = [("Certificate", "no.pem")], ConfigurationFolder = folder })
            .ShouldStartWith($"SSL_CONF_cmd(\"Certificate\", \"{folder}/no.pem\") failed (SSL: ");
    }

    [Theory]
    [InlineData("DHParameters", "parameters.pem")]
    [InlineData("PrivateKey", "server.key")]
    [InlineData("VerifyCAFile", "root.pem")]
    [InlineData("ChainCAFile", "root.pem")]
    [InlineData("VerifyCAStore", "root.pem")]
    public async Task OpenSSL_reads_what_a_command_names(string command, string file)
    {
        var parameters = await CommandLine.Run(Prerequisite.Require("openssl"), ["genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"]);
        var folder = Path.GetDirectoryName(_pki.Write("parameters.pem", parameters.Output))!;
        (string, string)[] certificate = command == "PrivateKey" ? [("Certificate", "server.pem")] : [];

        TlsServerContext.Create(new TlsServerOptions { ConfCommands = [.. certificate, (command, Path.Combine(folder, file))], ConfigurationFolder = folder }).Dispose();
    }

    [Fact]
    public void A_ticket_key_file_has_one_of_two_sizes()
    {
        TlsTicketKeyFile.Read(_pki.Write("48", new string('k', 48))).Length.ShouldBe(48);
        TlsTicketKeyFile.Read(_pki.Write("80", new string('k', 80))).Length.ShouldBe(80);
        Should.Throw<TlsConfigurationException>(() => TlsTicketKeyFile.Read(_pki.Write("49", new string('k', 49))))
            .Message.ShouldBe($"\"{_pki.Missing("49")}\" must be 48 or 80 bytes");
        Should.Throw<TlsConfigurationException>(() => TlsTicketKeyFile.Read(_pki.Missing("none")))
            .Message.ShouldBe($"open() \"{_pki.Missing("none")}\" failed (2: No such file or directory)");
    }

    [Fact]
    public void Keys_of_engines_and_stores_are_refused_by_name() =>
        Failure(new TlsServerOptions { Certificates = [new TlsKeyPair(_pki.ServerPair.Certificate, "engine:pkcs11:1")] })
            .ShouldBe("cannot load certificate key \"engine:pkcs11:1\": loading \"engine:...\" certificate keys is not supported");

    public void Dispose() => _pki.Dispose();

    private async Task SaysWhatNginxSays(TlsKeyPair pair, string? password = null, string ciphers = "HIGH:!aNULL:!MD5")
    {
        var ours = Failure(new TlsServerOptions
        {
            Certificates = [pair], Ciphers = ciphers, Passwords = password == null ? null : [Encoding.ASCII.GetBytes(password)],
        });
        var passwords = password == null ? "" : $"ssl_password_file {_pki.Write("passwords", password + "\n")};";
        var configuration = _pki.Write("nginx.conf", $$"""
            pid {{_pki.Missing("nginx.pid")}};
            error_log stderr;
            events { }
            http {
                server {
                    listen 127.0.0.1:1 ssl;
                    ssl_certificate {{pair.Certificate}};
                    ssl_certificate_key {{pair.Key}};
                    ssl_ciphers {{ciphers}};
                    {{passwords}}
                }
            }
            """);
        var nginx = await CommandLine.Run("nginx", ["-t", "-c", configuration]);

        var emerg = nginx.Both.Split('\n').First(line => line.Contains("[emerg]", StringComparison.Ordinal));
        emerg[(emerg.IndexOf('#', StringComparison.Ordinal) + 1)..].TrimStart("0123456789".ToCharArray()).ShouldBe($": {ours}");
    }

    private static string Failure(TlsServerOptions options) =>
        Should.Throw<TlsConfigurationException>(() => TlsServerContext.Create(options).Dispose()).Message;

    private string Encrypted(string password) => _pki.Write(
        "encrypted.key",
        _pki.Server.Key.ExportEncryptedPkcs8PrivateKeyPem(
            password,
            new System.Security.Cryptography.PbeParameters(
                System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
}
