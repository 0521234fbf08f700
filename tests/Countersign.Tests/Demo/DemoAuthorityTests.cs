using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Countersign.Commands.Demo;

namespace Countersign.Tests.Demo;

public sealed partial class DemoAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
    private readonly DemoAuthority _authority = new(new StoppedClock(Now));

    [Fact]
    public void The_bundle_has_clients_then_the_intermediate_then_the_root() =>
        Certificates(_authority.Bundle).Select(one => one.Subject).ShouldBe(["CN=alice", "CN=eve", "CN=Demo Issuing CA", "CN=Demo Root CA"]);

    [Theory]
    [InlineData("good", true)]
    [InlineData("deep", true)]
    [InlineData("branch", true)]
    [InlineData("branch-alone", false)]
    [InlineData("stranger", false)]
    [InlineData("self-signed", false)]
    [InlineData("forged", false)]
    [InlineData("expired", false)]
    [InlineData("not-yet-valid", false)]
    public void A_chain_ends_in_the_root_or_not(string client, bool expected)
    {
        var sent = Certificates(_authority.Clients[client].ChainPem);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = Now.UtcDateTime,
                DisableCertificateDownloads = true,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(Certificates(_authority.RootPem)[0]);
        chain.ChainPolicy.ExtraStore.AddRange(Certificates(_authority.Bundle));
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.Build(sent[0]).ShouldBe(expected);
    }

    [Fact]
    public void The_key_belongs_to_the_certificate_that_is_sent_first()
    {
        foreach (var (name, client) in _authority.Clients)
        {
            using var both = X509Certificate2.CreateFromPem(client.ChainPem, client.KeyPem);
            both.HasPrivateKey.ShouldBeTrue(name);
        }
    }

    [Fact]
    public void The_current_lists_name_the_revoked_client_and_nobody_else()
    {
        var lists = Lists(_authority.RevocationLists);
        lists.Length.ShouldBe(3);
        lists.Count(list => Names(list, "revoked")).ShouldBe(1);
        lists.ShouldAllBe(list => !Names(list, "good"));
    }

    [Fact]
    public void The_expired_lists_differ_from_the_current_ones_in_time() =>
        Lists(_authority.ExpiredRevocationLists).Count(list => Names(list, "revoked")).ShouldBe(1);

    [Fact]
    public void One_client_is_too_late_and_one_too_early()
    {
        Leaf("expired").NotAfter.ToUniversalTime().ShouldBeLessThan(Now.UtcDateTime);
        Leaf("not-yet-valid").NotBefore.ToUniversalTime().ShouldBeGreaterThan(Now.UtcDateTime);
    }

    [Fact]
    public void One_client_has_a_certificate_for_servers()
    {
        var purposes = Leaf("server-purpose").Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages;
        purposes.Cast<System.Security.Cryptography.Oid>().Select(oid => oid.Value).ShouldBe([DemoIdentity.ServerPurpose]);
    }

    [Fact]
    public void Only_the_owner_looks_into_the_folder_and_reads_the_keys()
    {
        string path;
        using (var folder = new DemoFolder())
        {
            path = folder.Path;
            folder.Write(_authority);
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.GetUnixFileMode(folder.ClientKey("good")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        Directory.Exists(path).ShouldBeFalse();
    }

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Leaf(string client) => Certificates(_authority.Clients[client].ChainPem)[0];

    private bool Names(string list, string client) =>
        CertificateRevocationListBuilder.LoadPem(list, out _).RemoveEntry(Leaf(client).SerialNumberBytes.Span);

    private static X509Certificate2Collection Certificates(string pem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return all;
    }

    private static string[] Lists(string pem) => [.. List().Matches(pem).Select(match => match.Value)];

    [GeneratedRegex("-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", RegexOptions.Singleline)]
    private static partial Regex List();
}
