using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

/// <summary>HttpClient in this very process, each visit with a handler of its own.</summary>
public abstract class DotNet : Driver
{
    // A session of one situation would spare the next one the question.
    static DotNet() => AppContext.SetSwitch("System.Net.Security.DisableTlsResume", true);

    public override string? Stack => ".NET";

    public override string Guess => "OpenSSL";

    public override Task<string> Version() => Task.FromResult(RuntimeInformation.FrameworkDescription);

    protected abstract HttpMessageHandler Handler(Visit visit);

    protected override async Task<Seen> Run(Visit visit)
    {
        using var client = new HttpClient(Handler(visit)) { Timeout = Longest };
        try
        {
            using var response = await client.GetAsync(new Uri(visit.Url));
            return new Seen($"HTTP {(int)response.StatusCode}");
        }
        catch (HttpRequestException error)
        {
            return new Seen(error.ToString().Split('\n')[0]);
        }
    }

    protected static X509Certificate2Collection Load(Visit visit) =>
        X509CertificateLoader.LoadPkcs12CollectionFromFile(visit.Pkcs12, Credentials.Password);

    /// <summary>The gate's authority and no other.</summary>
    protected static bool Trusts(Visit visit, X509Certificate? shown, SslPolicyErrors errors)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(visit.Credentials.ServerAuthority);
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && shown?.Issuer == authority.Subject;
    }
}

public sealed class DotNetCertificates : DotNet
{
    public override string Name => ".NET, `HttpClientHandler.ClientCertificates`";

    protected override HttpMessageHandler Handler(Visit visit)
    {
        var handler = new HttpClientHandler { UseProxy = false, ServerCertificateCustomValidationCallback = (_, shown, _, errors) => Trusts(visit, shown, errors) };
        if (visit.HasCertificate)
        {
            handler.ClientCertificates.Add(Load(visit).Single(one => one.HasPrivateKey));
        }
        return handler;
    }
}

public sealed class DotNetContext : DotNet
{
    public override string Name => ".NET, `SslStreamCertificateContext`";

    /// <summary>Whoever makes the context has chosen: the handler chooses nothing more.</summary>
    public override string? Stack => null;

    protected override HttpMessageHandler Handler(Visit visit)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, errors) => Trusts(visit, shown, errors);
        if (visit.HasCertificate)
        {
            var all = Load(visit);
            var leaf = all.Single(one => one.HasPrivateKey);
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(leaf, [.. all.Where(one => one != leaf)], offline: true);
        }
        return handler;
    }
}
