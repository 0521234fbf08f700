namespace Countersign.Conformance;

/// <summary>ssl_certificate with a variable: the file is chosen for each connection.</summary>
public sealed class CertificatesByVariable(Ground<CertificatesByVariable.Servers> ground) : IClassFixture<Ground<CertificatesByVariable.Servers>>
{
    public sealed class Servers : Subject
    {
        private static string Server(string listen, string settings, string name = "_") => $$"""
            server {
                listen %%{{listen}}%% ssl; server_name {{name}};
                {{settings}}
                location / { return 200 "$ssl_server_name $ssl_cipher $ssl_session_reused $ssl_client_verify\n"; }
            }

            """;

        private const string Named = "ssl_certificate pki/$ssl_server_name.pem; ssl_certificate_key pki/$ssl_server_name.key;";

        public override string Http => $$"""
            map $ssl_server_name $written { default ""; server "{{Trust.Shared["server"].Pem}}"; broken "-----BEGIN CERTIFICATE-----"; }
            map $ssl_server_name $written_key { default "{{Trust.Shared["server"].KeyPem}}"; }
            map $ssl_server_name $place { default ""; server pki/server; }

            """
            + Server("tls", Named)
            + Server("tls", "ssl_certificate pki/server.pem; ssl_certificate_key pki/server.key;", "constant")
            + Server("resuming", Named + "ssl_session_cache shared:variables:1m; ssl_session_tickets off;")
            + Server("verifying", Named + "ssl_verify_client optional; ssl_client_certificate pki/bundle-intermediate-first.pem; ssl_verify_depth 3;")
            + Server("both", "ssl_certificate pki/$ssl_server_name.pem; ssl_certificate_key pki/server.key; ssl_certificate pki/server-rsa.pem; ssl_certificate_key pki/server-rsa.key;")
            + Server("mismatched", "ssl_certificate pki/server.pem; ssl_certificate_key pki/$ssl_server_name.key;")
            + Server("written", "ssl_certificate data:$written; ssl_certificate_key data:$written_key;")
            + Server("placed", "ssl_certificate $place.pem; ssl_certificate_key $place.key;")
            + Server("nothing", "ssl_certificate $written; ssl_certificate_key $written;")
            + Server("encrypted", "ssl_certificate pki/server-rsa.pem; ssl_certificate_key pki/$ssl_server_name.key; ssl_password_file pki/variable-passwords.txt;")
            + Server("locked", "ssl_certificate pki/server-rsa.pem; ssl_certificate_key pki/$ssl_server_name.key;");

        public override void Files(string prefix)
        {
            var trust = Trust.Shared;
            trust.Write("variable-passwords.txt", "not this one\nsecret\n");
            trust.Write("variable-encrypted.key", trust["server-rsa"].Key.ExportEncryptedPkcs8PrivateKeyPem(
                "secret",
                new System.Security.Cryptography.PbeParameters(
                    System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)) + "\n");
        }
    }

    [Theory]
    [InlineData("tls", "server")]
    [InlineData("tls", "server-rsa")]
    [InlineData("tls", "constant")]
    [InlineData("tls", "unknown")]
    [InlineData("tls", "../pki/server")]
    [InlineData("tls", null)]
    [InlineData("both", "server")]
    [InlineData("both", "unknown")]
    [InlineData("mismatched", "server")]
    [InlineData("mismatched", "server-rsa")]
    [InlineData("written", "server")]
    [InlineData("written", "broken")]
    [InlineData("written", null)]
    [InlineData("placed", "server")]
    [InlineData("placed", null)]
    [InlineData("nothing", null)]
    [InlineData("encrypted", "variable-encrypted")]
    [InlineData("encrypted", "server-rsa")]
    [InlineData("locked", "variable-encrypted")]
    public Task The_name_chooses_the_file(string server, string? name) => ground.Compare(
        script => script.Tls(server, new SClient { ServerName = name, More = ["-tls1_2"] }),
        $"{nameof(The_name_chooses_the_file)}: {server} {name ?? "-"}");

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public Task A_client_is_verified_as_elsewhere(string version) => ground.Compare(
        script => script.Tls("verifying", Trust.Shared.Client("client", null, version) with { ServerName = "server" }),
        $"{nameof(A_client_is_verified_as_elsewhere)}: {version}");

    [Theory]
    [InlineData("resuming", "-tls1_2")]
    [InlineData("resuming", "-tls1_3")]
    [InlineData("tls", "-tls1_2")]
    [InlineData("tls", "-tls1_3")]
    public Task A_session_is_resumed_under_the_same_and_another_name(string server, string version) => ground.Compare(
        async script =>
        {
            var session = Path.Combine(script.Prefix, $"variable-session-{server}{version}");
            await script.Tls(server, new SClient { ServerName = "server", More = [version, "-sess_out", session] });
            await script.Tls(server, new SClient { ServerName = "server", More = [version, "-sess_in", session] });
            await script.Tls(server, new SClient { ServerName = "server-rsa", More = [version, "-sess_in", session] });
        },
        $"{nameof(A_session_is_resumed_under_the_same_and_another_name)}: {server} {version}");
}
