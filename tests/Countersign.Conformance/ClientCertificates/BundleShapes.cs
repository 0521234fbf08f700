namespace Countersign.Conformance;

/// <summary>ssl_client_certificate as people concatenate it.</summary>
public sealed class BundleShapes(Ground<BundleShapes.Files> ground) : IClassFixture<Ground<BundleShapes.Files>>
{
    public sealed class Files : Subject
    {
        public override string Http =>
            string.Concat(Bundles.Names.Select(name => TlsServers.Server(name, "bundle-" + name, "ssl_verify_depth 3;")))
            + TlsServers.Server("trusted-only", "bundle-root-only", "ssl_trusted_certificate pki/bundle-intermediate-first.pem; ssl_verify_depth 3;")
            // Debian's nginx takes these blocks only here; mainline takes them in ssl_client_certificate too.
            + TlsServers.Server("trusted", "bundle-root-only", "ssl_trusted_certificate pki/bundle-trusted.pem; ssl_verify_depth 3;")
            + TlsServers.Server("trusted-other", "other-root", "ssl_trusted_certificate pki/bundle-intermediate-first.pem; ssl_verify_depth 3;");
    }

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var bundle in (string[])[.. Bundles.Names, "trusted", "trusted-only", "trusted-other"])
        {
            all.Add(bundle, bundle == "self-signed-leaf" ? "self-signed" : "client");
        }

        all.Add("self-signed-leaf", "client");
        all.Add("leaf-first", "client2");
        all.Add("leaf-first", "direct");
        all.Add("leaf-only", "client2");
        all.Add("same-name", "direct");
        all.Add("same-name", "impostor");
        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task A_bundle_admits_the_same_clients(string bundle, string client) => ground.Compare(
        script => script.Tls(bundle, Trust.Shared.Client(client)),
        $"{nameof(A_bundle_admits_the_same_clients)}: {bundle} {client}");

    [Theory]
    [InlineData("leaf-first")]
    [InlineData("duplicates")]
    [InlineData("same-name")]
    [InlineData("trusted")]
    [InlineData("trusted-only")]
    public Task The_names_advertised_are_the_same(string bundle) => ground.Compare(
        async script =>
        {
            var result = await OpenSsl.Connect(script.EndPoint(bundle), Trust.Shared.Client("client") with { Quiet = false }, "GET / HTTP/1.0\r\n\r\n");
            var from = result.Output.IndexOf("Acceptable client certificate CA names", StringComparison.Ordinal);
            var to = result.Output.IndexOf("Peer signing digest", StringComparison.Ordinal);
            from.ShouldBeGreaterThan(0, result.Both);
            script.Saw(result.Output[from..to]);
        },
        $"{nameof(The_names_advertised_are_the_same)}: {bundle}");
}
