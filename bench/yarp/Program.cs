using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

// A gate for client certificates as Kestrel and YARP make one in a page of code: BACKEND-PORT, then for each port PORT=FOLDER with server.pem, server.key and bundle.pem.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    foreach (var pair in args[1..].Select(word => word.Split('=', 2)))
    {
        kestrel.Listen(IPAddress.Loopback, int.Parse(pair[0], CultureInfo.InvariantCulture), listen => listen.UseHttps(Tls(pair[1])));
    }
});
builder.Services.AddReverseProxy()
    .LoadFromMemory(
        [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new RouteMatch { Path = "{**rest}" } }],
        [
            new ClusterConfig
            {
                ClusterId = "backend",
                Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = $"http://127.0.0.1:{args[0]}" } },
            },
        ])
    .AddTransforms(transforms => transforms.AddRequestTransform(AddCertificate));
var application = builder.Build();
application.MapReverseProxy();
await application.RunAsync();

static HttpsConnectionAdapterOptions Tls(string folder)
{
    var chain = new X509Certificate2Collection();
    chain.ImportFromPemFile(Path.Combine(folder, "server.pem"));
    var bundle = new X509Certificate2Collection();
    bundle.ImportFromPemFile(Path.Combine(folder, "bundle.pem"));
    var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
    policy.CustomTrustStore.AddRange(bundle);
    return new HttpsConnectionAdapterOptions
    {
        ServerCertificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.key")),
        ServerCertificateChain = chain,
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
        // Kestrel itself ends the handshake of a client whose chain has an error under this policy.
        OnAuthenticate = (_, options) => options.CertificateChainPolicy = policy,
    };
}

static ValueTask AddCertificate(RequestTransformContext context)
{
    // The handshake ended only for a certificate whose chain was built.
    var certificate = context.HttpContext.Connection.ClientCertificate!;
    var headers = context.ProxyRequest.Headers;
    headers.TryAddWithoutValidation("X-SSL-Cert", Uri.EscapeDataString(certificate.ExportCertificatePem()));
    headers.TryAddWithoutValidation("X-SSL-Verify", "SUCCESS");
    headers.TryAddWithoutValidation("X-SSL-DN", certificate.Subject);
    return default;
}
