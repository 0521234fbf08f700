namespace Countersign.Commands.Demo;

internal readonly record struct DemoValidity(DateTimeOffset From, DateTimeOffset Until);

/// <summary>What a certificate says; the default is a good one for a client.</summary>
internal sealed record DemoShape(DemoValidity Validity)
{
    public bool IsAuthority { get; init; }

    /// <summary>Object identifier of the extended key usage; null leaves the extension out.</summary>
    public string? Purpose { get; init; } = DemoIdentity.ClientPurpose;

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>Whether the authority key identifier is there. Without it OpenSSL tells a forger by the signature alone.</summary>
    public bool NamesIssuerKey { get; init; } = true;

    public static DemoShape Authority(DemoValidity validity) => new(validity) { IsAuthority = true, Purpose = null };
}
