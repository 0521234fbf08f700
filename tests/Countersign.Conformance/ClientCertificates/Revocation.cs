namespace Countersign.Conformance;

/// <summary>ssl_crl: every authority of the path needs a current list of its own.</summary>
public sealed class Revocation(Ground<Revocation.Lists> ground) : IClassFixture<Ground<Revocation.Lists>>
{
    private static readonly string[] Names =
        ["good", "revoked", "ca-revoked", "root-only", "other", "lapsed", "early", "impostor", "forged"];

    public sealed class Lists : Subject
    {
        public override string Http =>
            string.Concat(Names.Select(name => TlsServers.Server(name, "bundle-intermediate-first", $"ssl_crl pki/crl-{name}.pem; ssl_verify_depth 3;")))
            + TlsServers.Server("nosign", "root", "ssl_crl pki/crl-no-crlsign.pem; ssl_verify_depth 3;")
            + TlsServers.Server("lenient", "bundle-intermediate-first", "ssl_verify_client optional_no_ca; ssl_crl pki/crl-revoked.pem;");
    }

    public static TheoryData<string, string, string?> All() => new()
    {
        { "good", "client", null },
        { "good", "direct", null },
        { "revoked", "client", null },
        { "revoked", "client2", null },
        { "ca-revoked", "client", null },
        { "root-only", "client", null },
        { "root-only", "direct", null },
        { "other", "direct", null },
        { "lapsed", "client", null },
        { "lapsed", "client2", null },
        { "early", "client", null },
        { "impostor", "direct", null },
        { "forged", "direct", null },
        { "nosign", "no-crlsign-client", "no-crlsign" },
        { "lenient", "client2", null },
        { "lenient", "other", null },
        { "good", "other", null },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_list_is_read_the_same(string list, string client, string? chain) => ground.Compare(
        script => script.Tls(list, Trust.Shared.Client(client, chain)),
        $"{nameof(A_list_is_read_the_same)}: {list} {client}");
}
