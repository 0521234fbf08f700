using System.Security.Cryptography;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Lint;

/// <summary>
/// What each server trusts. A certificate that stands in a file twice is once in a context, so the files are read again; of what is no file any more,
/// as a pipe, it is what the context has.
/// </summary>
internal static class LintBundles
{
    public static IReadOnlyList<LintBundle> Read(IEnumerable<ServerPlan> servers, ServerContexts contexts, DateTimeOffset now)
    {
        using var signatures = new CertificateSignatures();
        var files = new Dictionary<string, (string Digest, byte[] Content)?>(StringComparer.Ordinal);
        var bundles = new List<LintBundle>();
        foreach (var same in servers.Where(server => contexts.Of(server) is not null).GroupBy(Key))
        {
            var first = same.First();
            bundles.Add(new LintBundle { Servers = [.. same], Report = BundleReport.Of(Case(first.Ssl, contexts.Of(first)!)) });
        }
        return bundles;

        // Paths that hold the same are the same.
        string Key(ServerPlan server)
        {
            string?[] paths = [server.Ssl.ClientCertificate, server.Ssl.TrustedCertificate, server.Ssl.Crl];
            return paths.Any(path => path is not null && File(path) is null)
                ? string.Join('\n', paths) + Convert.ToHexString(contexts.Of(server)!.Trust.Identity)
                : string.Join('\n', paths.Select(path => path is null ? "" : File(path)!.Value.Digest));
        }

        BundleCase Case(SslSettings ssl, TlsServerContext context)
        {
            var read = new List<BundleFile>();
            foreach (var path in new[] { ssl.ClientCertificate, ssl.TrustedCertificate, ssl.Crl }.OfType<string>())
            {
                if (File(path) is not { } file)
                {
                    using var loaded = context.HoldTrust();
                    return Loaded(ssl, loaded.Read());
                }
                read.Add(BundleFile.Read(LintText.Of(path), file.Content));
            }
            return new BundleCase
            {
                Items = [.. read.SelectMany(file => file.Certificates).Where(item => item.Certificate is not null)],
                Crls = [.. read.SelectMany(file => file.Crls)],
                ChecksRevocation = ssl.Crl is not null,
                Now = now,
                IsSigned = signatures.IsSigned,
            };
        }

        BundleCase Loaded(SslSettings ssl, TlsTrustContents contents) => new()
        {
            Items =
            [
                .. contents.Certificates.Select((der, index) =>
                    new BundleItem(LintText.Of(ssl.ClientCertificate ?? ssl.TrustedCertificate ?? ""), index + 1, 0, CertificateReader.Read(der))),
            ],
            Crls = [.. contents.Crls.Select(der => CrlReader.Read(der, LintText.Of(ssl.Crl ?? ""))).OfType<CrlFacts>()],
            ChecksRevocation = ssl.Crl is not null,
            Now = now,
            IsSigned = signatures.IsSigned,
        };

        (string Digest, byte[] Content)? File(string path)
        {
            if (!files.TryGetValue(path, out var known))
            {
                files[path] = known = Content(LintText.Of(path)) is { } content ? (Convert.ToHexString(SHA256.HashData(content)), content) : null;
            }
            return known;
        }
    }

    // A pipe has been read to its end by now, and would be waited for.
    private static byte[]? Content(string path)
    {
        try
        {
            return new FileInfo(path).Length > 0 ? System.IO.File.ReadAllBytes(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
