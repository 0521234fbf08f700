namespace Countersign.Refusals;

/// <summary>How a client compares the issuers of its certificate with the names in a CertificateRequest.</summary>
public enum NameFilter
{
    /// <summary>Not at all: what is configured is sent.</summary>
    None,

    /// <summary>As names: string types, case and runs of spaces do not count.</summary>
    Names,

    /// <summary>Byte for byte.</summary>
    Bytes,
}

/// <summary>A TLS library and what it leaves its own certificate unsent for.</summary>
/// <param name="Programs">What people know it by.</param>
/// <param name="Filter">Some issuer of the chain has to stand in the list that the server sends, unless the list is empty.</param>
/// <param name="LinksByStore">Intermediates that are in its store and not in the file count as well.</param>
/// <param name="ChecksPurpose">A certificate that may not be a client's is left out.</param>
/// <param name="ChecksTime">An expired certificate is left out.</param>
/// <param name="SendsLeafAlone">Intermediates of its file stay unsent unless its program says otherwise.</param>
public sealed record ClientStack(
    string Name, string Programs, NameFilter Filter, bool LinksByStore = false, bool ChecksPurpose = false, bool ChecksTime = false, bool SendsLeafAlone = false)
{
    /// <summary>Those that are met most. docs/guide/clients.md has what was measured.</summary>
    public static IReadOnlyList<ClientStack> All { get; } =
    [
        new("OpenSSL", "curl, Python, Node.js, Ruby, PHP, and nginx and HAProxy towards a backend", NameFilter.None),
        new("rustls", "reqwest and others in Rust", NameFilter.None),
        new(".NET", "HttpClient on Linux", NameFilter.None, ChecksPurpose: true, SendsLeafAlone: true),
        new("Go", "crypto/tls: kubectl, Traefik, Caddy, Terraform", NameFilter.Bytes),
        new("Java", "JSSE: Apache HttpClient, OkHttp, Kafka clients", NameFilter.Names),
        new("GnuTLS", "wget, GNOME's programs", NameFilter.Bytes),
        new("NSS", "Firefox; Chrome on Linux", NameFilter.Bytes, LinksByStore: true, ChecksPurpose: true, ChecksTime: true),
        new("SChannel", "Edge, Chrome and WinHTTP on Windows", NameFilter.Bytes, LinksByStore: true, ChecksPurpose: true, ChecksTime: true),
        new("Apple", "Safari; Chrome on macOS", NameFilter.Names, LinksByStore: true, ChecksPurpose: true),
        new("Android", "KeyChain, Chrome on Android", NameFilter.Bytes, LinksByStore: true),
    ];

    public static ClientStack Named(string name) => All.First(stack => stack.Name == name);
}
