using System.Net;
using System.Net.Sockets;
using Countersign.Configuration;

namespace Countersign.Lint.Requests;

/// <summary>TLS to a backend that need not prove itself: whoever stands in between gets what the gate says of its clients, and their requests.</summary>
internal sealed class BackendUnverified : LintRule
{
    public override string Id => "lint/backend-unverified";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from server in lint.Asking
        from location in lint.LocationsOf(server)
        where location.ProxyPass is { } pass && !location.Proxy.Ssl.Verify && IsTls(pass) && !StaysHere(pass) && !TurnedAway.By(location)
        orderby location.Id
        select new LintWarning(
            Id,
            $"the backend {LintText.Of(Target(location.ProxyPass!))} need not prove who it is, as proxy_ssl_verify is off: anybody on the way to it may take its place",
            location.ProxyPass!.Position,
            "Verify it:",
            "proxy_ssl_verify on;\nproxy_ssl_trusted_certificate /path/to/backend-ca.pem;\nproxy_ssl_name name.in.its.certificate;\nproxy_ssl_server_name on;")
        {
            Servers = [server],
        };

    private static bool IsTls(ProxyPassPlan pass) => pass.Url is { } url ? url.Source.StartsWith("https://", StringComparison.OrdinalIgnoreCase) : pass.Ssl;

    /// <summary>Nobody is in between.</summary>
    private static bool StaysHere(ProxyPassPlan pass) => pass.Upstream is { } upstream && upstream.Servers.SelectMany(server => server.Addresses).All(
        address => address is UnixDomainSocketEndPoint || (address is IPEndPoint ip && IPAddress.IsLoopback(ip.Address)));

    private static string Target(ProxyPassPlan pass) => pass.Url?.Source ?? $"https://{pass.Host}";
}
