using System.Buffers;
using System.Globalization;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>What nginx does not tell of a client's certificate, and why the client was refused.</summary>
internal static class RefusalVariables
{
    /// <summary>Printable ASCII but the comma: a name in a certificate may hold a line feed, and a header would end there.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code).Where(c => c != ',')]);

    public static VariableGetter? Find(string name) => name switch
    {
        "refusal_id" => x => VariableText.OrNotFound(VariableText.Latin(x, x.Client.RefusalId)),
        "refusal_incident" => x => VariableText.OrNotFound(VariableText.Latin(x, x.Client.Incident)),
        "ssl_client_sha256" => SslVariables.Of(certificate => certificate.Sha256Text),
        "ssl_client_spki_sha256" => SslVariables.Of(certificate => certificate.PublicKeySha256Text),
        "ssl_client_san_dns" => Names(names => names.Dns),
        "ssl_client_san_uri" => Names(names => names.Uris),
        "ssl_client_san_email" => Names(names => names.Emails),
        "ssl_client_san_ip" => Names(names => names.Addresses.Select(address => address.ToString())),
        "ssl_client_chain_depth" => SslVariables.Text(9, Depth),
        _ => null,
    };

    private static VariableGetter Names(Func<CertificateNames, IEnumerable<string>> read) => exchange =>
    {
        if (exchange.Client.Certificate is not { } certificate)
        {
            return default;
        }
        return VariableText.OrNotFound(VariableText.Latin(exchange, string.Join(',', read(certificate.AlternativeNames).Select(Safe))));
    };

    /// <summary>Everything else becomes %XX, so that a comma always is between two names.</summary>
    internal static string Safe(string name) => name.AsSpan().IndexOfAnyExcept(Plain) < 0
        ? name
        : string.Concat(name.Select(c => Plain.Contains(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)c:X2}")));

    /// <summary>Certificates above the client's own in the chain that was verified; null after a resumption, which builds none.</summary>
    private static string? Depth(TlsConnection tls)
    {
        var chain = tls.VerifiedChain();
        foreach (var certificate in chain)
        {
            certificate.Dispose();
        }
        return chain.Count == 0 ? null : (chain.Count - 1).ToString(CultureInfo.InvariantCulture);
    }
}
