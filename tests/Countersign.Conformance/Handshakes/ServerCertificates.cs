using System.Text.RegularExpressions;

namespace Countersign.Conformance;

/// <summary>What the server brings to the handshake: certificates, keys, ciphers, groups, sessions.</summary>
public sealed partial class ServerCertificates(Ground<ServerCertificates.Servers> ground) : IClassFixture<Ground<ServerCertificates.Servers>>
{
    public sealed class Servers : Subject
    {
        private static string Server(string name, string settings) =>
            $$"""server { listen %%{{name}}%% ssl; {{settings}} location / { return 200 "$ssl_protocol $ssl_cipher $ssl_session_reused\n"; } }""" + "\n";

        private const string Ecdsa = "ssl_certificate pki/server.pem; ssl_certificate_key pki/server.key; ";
        private const string Rsa = "ssl_certificate pki/server-rsa.pem; ssl_certificate_key pki/server-rsa.key; ";

        public override string Http =>
            Server("both", Ecdsa + Rsa)
            + Server("rsa", Rsa)
            + Server("chained", "ssl_certificate pki/server-chain.pem; ssl_certificate_key pki/server.key;")
            + Server("encrypted", "ssl_certificate pki/server-rsa.pem; ssl_certificate_key pki/server-encrypted.key; ssl_password_file pki/passwords.txt;")
            + Server("curve", Ecdsa + "ssl_ecdh_curve secp384r1;")
            + Server("curves", Ecdsa + "ssl_ecdh_curve secp384r1:prime256v1;")
            + Server("preferring", Ecdsa + "ssl_protocols TLSv1.2; ssl_prefer_server_ciphers on; ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256;")
            + Server("obliging", Ecdsa + "ssl_protocols TLSv1.2; ssl_prefer_server_ciphers off; ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256;")
            + Server("ticketless", Ecdsa + "ssl_session_tickets off;")
            + Server("cached", Ecdsa + "ssl_session_tickets off; ssl_session_cache shared:conformance:1m;")
            + Server("forgetful", Ecdsa + "ssl_session_tickets off; ssl_session_cache none;")
            + Server("commanded", Ecdsa + "ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256;")
            + Server("old", Ecdsa + "ssl_protocols TLSv1.2;");

        public override void Files(string prefix)
        {
            var trust = Trust.Shared;
            trust.Write("server-chain.pem", trust["server"].Pem + trust["server-root"].Pem);
            trust.Write("passwords.txt", "not this one\nsecret\n");
            trust.Write("server-encrypted.key", trust["server-rsa"].Key.ExportEncryptedPkcs8PrivateKeyPem(
                "secret",
                new System.Security.Cryptography.PbeParameters(
                    System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)) + "\n");
        }
    }

    /// <summary>Server, server name, and further options of s_client.</summary>
    public static TheoryData<string, string?, string> All() => new()
    {
        { "both", "localhost", "" },
        { "both", "localhost", "-sigalgs rsa_pss_rsae_sha256" },
        { "both", "localhost", "-tls1_2 -cipher aRSA" },
        { "rsa", "localhost", "" },
        { "rsa", "localhost", "-sigalgs ecdsa_secp256r1_sha256" },
        { "chained", "localhost", "" },
        { "encrypted", "localhost", "" },
        { "curve", "localhost", "" },
        { "curve", "localhost", "-groups X25519" },
        { "curves", "localhost", "-groups P-256:P-384" },
        { "preferring", "localhost", "-cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384" },
        { "obliging", "localhost", "-cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384" },
        { "commanded", "localhost", "" },
        { "commanded", "localhost", "-ciphersuites TLS_AES_128_GCM_SHA256" },
        { "old", "localhost", "" },
        { "old", "localhost", "-no_ems" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task The_server_brings_the_same(string server, string? name, string options) => ground.Compare(
        async script =>
        {
            var client = new SClient { ServerName = name, Quiet = false, More = ["-showcerts", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)] };
            var result = await OpenSsl.Connect(script.EndPoint(server), client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            foreach (Match line in Negotiated().Matches(result.Both.Replace("\r", "")))
            {
                script.Saw(line.Value + "\n");
            }
        },
        $"{nameof(The_server_brings_the_same)}: {server} {name ?? "-"} {options}".Trim());

    [Theory]
    [InlineData("ticketless", "-tls1_2")]
    [InlineData("ticketless", "-tls1_3")]
    [InlineData("cached", "-tls1_2")]
    [InlineData("cached", "-tls1_3")]
    [InlineData("forgetful", "-tls1_2")]
    [InlineData("rsa", "-tls1_2")]
    [InlineData("rsa", "-tls1_3")]
    public Task A_session_is_resumed_or_not(string server, string version) => ground.Compare(
        async script =>
        {
            var session = Path.Combine(script.Prefix, $"session-{server}{version}");
            await script.Tls(server, new SClient { More = [version, "-sess_out", session] });
            if (File.Exists(session))
            {
                await script.Tls(server, new SClient { More = [version, "-sess_in", session] });
            }
        },
        $"{nameof(A_session_is_resumed_or_not)}: {server} {version}");

    [GeneratedRegex(@"^ +\d+ s:.*$|^ +i:.*$|^Peer sign.*$|^Server Temp Key.*$|^New, .*$|^Secure Renegotiation.*$|alert number \d+|^TLSv1.*$|^HTTP.*$", RegexOptions.Multiline)]
    private static partial Regex Negotiated();
}
