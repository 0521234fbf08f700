using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.Render;

/// <summary>Refusals to be rendered.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static Refusal Bare { get; } = new() { Reason = new UnparsableCertificate(7), Time = Now };

    public static Refusal Full { get; } = MakeFull();

    /// <summary>All that a client and a configuration can make long, at its longest.</summary>
    public static RefusalEntry Hostile(char character)
    {
        var text = new string(character, 5000);
        return RefusalEntry.Of(Bare) with
        {
            Message = text, Server = text, Sni = text, Host = text, Subject = text, Issuer = text, Serial = text, Nginx = text,
            Advice = [.. Enumerable.Repeat(new AdviceEntry("client", text, text), 40)],
            Errors = [.. Enumerable.Repeat(new ErrorEntry(10, "CERT_HAS_EXPIRED", 3, text), 200)],
            Others = [.. Enumerable.Repeat("certificate/expired", 200)],
            Evidence = [.. Enumerable.Range(0, 60).Select(number => new KeyValuePair<string, object>($"fact_{number}", new List<string>(Enumerable.Repeat(text, 33))))],
        };
    }

    private static Refusal MakeFull()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=device-7", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var facts = CertificateReader.Read(certificate.RawData)!;
        return new Refusal
        {
            Reason = new CertificateExpired(facts, Now),
            Others = [new UnparsableCertificate(7)],
            Errors = [new VerifyError(10, 0, "CN=device-7")],
            Time = Now,
            Incident = "00112233445566ff",
            Status = 495,
            Alert = 45,
            NginxLine = "client SSL certificate verify error: (10:certificate has expired)",
            Client = new IPEndPoint(IPAddress.Parse("2001:db8::7"), 4711),
            Server = "api.example (nginx.conf:12)",
            Sni = "api.example",
            Host = "api.example",
            Presented = [certificate.RawData],
            Leaf = facts,
        };
    }
}
