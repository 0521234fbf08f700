namespace Countersign.Refusals.Tests.NotSent;

/// <summary>Requests without a certificate and failed handshakes, each from a plain one by what is different.</summary>
internal static class Scene
{
    public static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public static Identity Root { get; } = Identity.SelfSigned("CN=Root,O=Example");
    public static Identity OtherRoot { get; } = Identity.SelfSigned("CN=Other Root,O=Example");
    public static Identity Device { get; } = Root.Issue("CN=device-7");

    public const int Rsa = 0x0804, P256 = 0x0403, Pkcs1 = 0x0401;

    /// <summary>Extensions by which libraries are known.</summary>
    public static readonly int[] OpenSsl = [0, 11, 10, 35, 22, 23, 13, 43, 45, 51];
    public static readonly int[] Java = [0, 5, 10, 13, 50, 16, 17, 23, 43, 45, 51];
    public static readonly int[] Go = [0, 5, 10, 11, 13, 65281, 23, 18, 43, 51];
    public static readonly int[] GnuTls = [0, 5, 10, 13, 22, 23, 28, 35, 43, 45, 51, 65281];
    public static readonly int[] Chrome = [0, 23, 65281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 17613];
    public static readonly int[] Firefox = [0, 23, 65281, 10, 11, 35, 16, 5, 34, 51, 43, 13, 45, 28, 27];

    public static CertificateFacts Facts(Identity identity) => CertificateReader.Read(identity.Certificate.RawData)!;

    public static TrustFacts Trust(string server, string mode, params Identity[] bundle) => new()
    {
        Server = server,
        Mode = mode,
        ModeAt = "nginx.conf:8",
        Bundle = "clients.pem",
        BundleAt = "nginx.conf:7",
        Certificates = [.. bundle.Select(identity => new TrustedCertificate(Facts(identity), "clients.pem", true))],
    };

    /// <summary>A server at a line of its own, by its name.</summary>
    public static GateFacts Server(string name, string mode = "on", params Identity[] bundle) => new()
    {
        Name = name,
        At = $"nginx.conf:{name.Length}",
        Names = [name],
        Trust = Trust(name, mode, bundle.Length == 0 && mode != "off" ? [Root] : bundle),
        Protocols = [0x0303, 0x0304],
        Ciphers = "HIGH:!aNULL:!MD5",
        Alpn = ["http/1.1"],
        CertificateAt = "nginx.conf:5",
        SignatureAlgorithms = [P256, 0x0503, Rsa, 0x0805, Pkcs1],
    };

    public static ClientHelloFacts Hello(int[] extensions, params int[] signatures) => new()
    {
        Versions = [0x0304, 0x0303],
        Extensions = extensions,
        SignatureAlgorithms = signatures.Length == 0 ? [P256, Rsa, Pkcs1] : signatures,
        CipherSuites = [0x1301, 0xc02b],
        Groups = [0x001d],
        Alpn = ["http/1.1"],
        Ja4 = "t13d020500_000000000000_000000000000",
    };

    /// <summary>A client that was asked by the server it meant, and sent none.</summary>
    public static NoCertificateCase Asked { get; } = new()
    {
        Status = 496,
        Handshake = Server("api.example"),
        Addressed = Server("api.example"),
        Now = Now,
        Sni = "api.example",
        IsSniKnown = true,
        Version = 0x0304,
        WasAsked = true,
        Hello = Hello(OpenSsl),
        AnsweredAfter = TimeSpan.FromMilliseconds(21),
        RoundTrip = TimeSpan.FromMilliseconds(20),
        LoadedAt = Now.AddDays(-7),
        Request = new RequestFacts { Method = "GET", Host = "api.example" },
    };

    /// <summary>A client whom the address's default server did not ask.</summary>
    public static NoCertificateCase NotAsked { get; } = Asked with
    {
        Handshake = Server("default", "off"),
        Sni = null,
        IsSniKnown = false,
        WasAsked = false,
        NamesOfAddress = ["default", "api.example", "shop.example"],
    };

    /// <summary>The same client was here before, with that chain, before or after the last reload.</summary>
    public static ClientHistory Came(bool beforeReload, params Identity[] chain) => new()
    {
        Leaf = Facts(chain[0]),
        Chain = [.. chain.Select(Facts)],
        LeafAt = Now.AddDays(beforeReload ? -8 : -1),
        LeafServer = "api.example",
        LeafVersion = 0x0304,
    };

    /// <summary>A connection that ended when the gate had answered and asked for a certificate.</summary>
    public static HandshakeCase Ended(HandshakeEnd end, HandshakeStage stage = HandshakeStage.Answered) => new()
    {
        End = end,
        Stage = stage,
        Server = Server("api.example"),
        Now = Now,
        Elapsed = TimeSpan.FromMilliseconds(42),
        Allowed = TimeSpan.FromSeconds(60),
        Hello = stage == HandshakeStage.Silent ? null : Hello(OpenSsl),
        FirstBytes = stage == HandshakeStage.Silent ? default : new byte[] { 0x16, 3, 1 },
        Sni = "api.example",
        IsSniKnown = true,
        NamesOfAddress = ["api.example", "shop.example"],
        WasAsked = stage >= HandshakeStage.Answered,
    };

    public static HandshakeCase Failed(int reason, string error, HandshakeStage stage = HandshakeStage.Hello) =>
        Ended(HandshakeEnd.Failed, stage) with { ErrorReason = reason, Error = error };

    public static HandshakeCase Alerted(int alert, HandshakeStage stage = HandshakeStage.Answered) =>
        Ended(HandshakeEnd.Alert, stage) with { AlertReceived = alert };

    public static Reason Reason(this NoCertificateCase request) => NoCertificateReasons.Of(request);

    public static Reason Reason(this HandshakeCase handshake) => HandshakeReasons.Of(handshake);

    public static object? Fact(this Reason reason, string name) => Evidence.Of(reason).Facts.FirstOrDefault(fact => fact.Key == name).Value;
}
