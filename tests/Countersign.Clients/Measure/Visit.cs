using System.Globalization;

namespace Countersign.Clients.Measure;

/// <summary>One client in one situation at one version of TLS.</summary>
public sealed record Visit(Situation Situation, string Protocol, Tap Tap, Credentials Credentials)
{
    public const string Path = "/visit";

    public string Url => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{Tap.Port}{Path}");

    public bool HasCertificate => Situation != Situation.Nothing;

    public string Pem => Credentials.Pem(Situation);

    public string Pkcs12 => Credentials.Pkcs12(Situation);
}
