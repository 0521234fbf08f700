using Countersign.Configuration;
using Countersign.Refusals;

namespace Countersign.Lint;

/// <summary>Authorities and lists as servers have them together, read once for all servers that have the same, in whichever files.</summary>
internal sealed class LintBundle
{
    public required IReadOnlyList<ServerPlan> Servers { get; init; }

    public required BundleReport Report { get; init; }

    private SslSettings Ssl => Servers[0].Ssl;

    /// <summary>Every certificate once.</summary>
    public IEnumerable<BundleEntry> Entries => Report.Entries.Where(entry => entry.DuplicateOf is null && entry.Certificate is not null);

    public IEnumerable<BundleEntry> Authorities => Entries.Where(entry => entry.IsAuthority);

    /// <summary>The file to mend: ssl_client_certificate, or ssl_trusted_certificate without one.</summary>
    public string File => LintText.Of(Ssl.ClientCertificate ?? Ssl.TrustedCertificate ?? "");

    public string CrlFile => LintText.Of(Ssl.Crl ?? "");

    public SourcePosition Position => Ssl.ClientCertificateAt ?? Ssl.TrustedCertificateAt ?? Servers[0].Position;

    public SourcePosition CrlPosition => Ssl.CrlAt ?? Servers[0].Position;

    /// <summary>The names that go to clients, each with its two bytes of length.</summary>
    public int AdvertisedBytes => Ssl.ClientCertificate is { } file
        ? Report.Entries.Where(entry => entry.Item.File == LintText.Of(file)).Sum(entry => entry.AdvertisedBytes) : 0;

    public LintWarning Warning(string id, string text, string advice, string paste = "", SourcePosition? position = null) =>
        new(id, text, position ?? Position, advice, paste) { Servers = Servers };
}
