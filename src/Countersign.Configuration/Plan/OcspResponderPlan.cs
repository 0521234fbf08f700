using System.Net;
using Countersign.Configuration.Resolve;

namespace Countersign.Configuration;

/// <summary>Where a responder listens: of ssl_ocsp_responder, or of a certificate's authorityInfoAccess.</summary>
/// <param name="Url">As written.</param>
/// <param name="Uri">With what comes before the request in a GET.</param>
/// <param name="Addresses">Empty for a name that was not looked up.</param>
public sealed record OcspResponderPlan(string Url, string Host, string Uri, IReadOnlyList<EndPoint> Addresses)
{
    private const string Scheme = "http://";

    /// <summary>nginx would ask its resolver about the host: it is anything but an IPv4 address, in brackets also.</summary>
    public bool IsNamed => ParsedUrl.DottedQuad(Host) is null;

    /// <param name="resolve">Null: names are not looked up.</param>
    /// <param name="problem">In nginx's words, which go on with where the URL stands.</param>
    public static OcspResponderPlan? Parse(string url, Func<string, IPAddress[]>? resolve, out string problem)
    {
        problem = "";
        if (url.Length <= Scheme.Length || !url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            problem = $"invalid URL prefix in OCSP responder \"{url}\"";
            return null;
        }
        var rest = url[Scheme.Length..];
        // Each of these would end the request line, or the header, that the URL becomes a part of.
        if (rest.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
        {
            problem = $"invalid host in OCSP responder \"{rest}\"";
            return null;
        }
        var parsed = ParsedUrl.Parse(rest, 80, uriPart: true, resolve: resolve);
        if (parsed.Error is { } error)
        {
            problem = $"{error} in OCSP responder \"{rest}\"";
            return null;
        }
        return new OcspResponderPlan(url, parsed.Host, string.IsNullOrEmpty(parsed.Uri) ? "/" : parsed.Uri, parsed.Addresses);
    }
}
