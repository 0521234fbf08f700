namespace Countersign.Conformance;

/// <summary>ssl_certificate with a variable: the file is chosen for each connection.</summary>
public sealed class CertificatesByVariable(Ground<CertificatesByVariable.Servers> ground) : IClassFixture<Ground<CertificatesByVariable.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http => """
            server {
                listen %%tls%% ssl;
                ssl_certificate pki/$ssl_server_name.pem;
                ssl_certificate_key pki/$ssl_server_name.key;
                location / { return 200 "$ssl_server_name $ssl_cipher\n"; }
            }
            """;
    }

    [Theory]
    [InlineData("server")]
    [InlineData("server-rsa")]
    [InlineData(null)]
    public Task The_name_chooses_the_file(string? name) => ground.Compare(
        script => script.Tls("tls", new SClient { ServerName = name, More = ["-tls1_2"] }),
        $"{nameof(The_name_chooses_the_file)}: {name ?? "-"}");
}
