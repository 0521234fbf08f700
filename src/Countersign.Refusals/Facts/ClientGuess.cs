namespace Countersign.Refusals;

/// <summary>
/// What a client that has just come seems to be. Guessed from the shape of its ClientHello, which is hard to be wrong about, and from its User-Agent,
/// which anybody can write: the hello says the library, the header may say the application on top of it.
/// </summary>
/// <param name="Name">For a sentence: <c>Java</c>, <c>Chrome</c>; empty when it is not known.</param>
/// <param name="Stack">What is known of its manners; null where the application decides them, or nothing is known.</param>
/// <param name="IsBrowser">A person chooses the certificate, and the choice is remembered.</param>
public sealed record ClientGuess(string Name, ClientStack? Stack, bool IsBrowser = false)
{
    public static ClientGuess Unknown { get; } = new("", null);

    private static readonly ClientGuess Chrome = new("Chrome", ClientStack.Named("NSS"), IsBrowser: true);
    private static readonly ClientGuess Firefox = new("Firefox", ClientStack.Named("NSS"), IsBrowser: true);
    private static readonly ClientGuess Safari = new("Safari", ClientStack.Named("Apple"), IsBrowser: true);
    private static readonly ClientGuess Java = new("Java", ClientStack.Named("Java"));
    private static readonly ClientGuess Go = new("Go", ClientStack.Named("Go"));
    /// <summary>Its applications choose: wget leaves it to the library, which picks by the list; gnutls-cli sends what it has.</summary>
    private static readonly ClientGuess GnuTls = new("GnuTLS", null);

    /// <summary>On a library that is not known yet: GnuTLS or OpenSSL.</summary>
    private static readonly ClientGuess Wget = new("Wget", null);
    private static readonly ClientGuess WgetOnGnuTls = Wget with { Stack = ClientStack.Named("GnuTLS") };

    /// <summary>Its applications choose: curl sends what it has, .NET does not.</summary>
    private static readonly ClientGuess OpenSsl = new("OpenSSL", null);

    /// <summary>By the beginning of the User-Agent; the first that fits.</summary>
    private static readonly (string Start, ClientGuess Guess)[] Agents =
    [
        ("curl/", OnOpenSsl("curl")),
        ("python-", OnOpenSsl("Python")),
        ("Python/", OnOpenSsl("Python")),
        ("Python-urllib/", OnOpenSsl("Python")),
        ("node", OnOpenSsl("Node.js")),
        ("axios/", OnOpenSsl("Node.js")),
        ("Ruby", OnOpenSsl("Ruby")),
        ("GuzzleHttp/", OnOpenSsl("PHP")),
        ("Wget/", Wget),
        ("Go-http-client/", Go),
        ("kube-probe/", Go),
        ("Prometheus/", Go),
        ("Java/", Java),
        ("Java-http-client/", Java),
        ("Apache-HttpClient/", Java),
        ("okhttp/", Java),
        ("Mozilla/4.0 (compatible; Win32; WinHttp", new("WinHTTP", ClientStack.Named("SChannel"))),
    ];

    /// <summary>A certificate that leads to none of the names in a CertificateRequest is not sent.</summary>
    public bool PicksByList => Stack is { Filter: not NameFilter.None };

    /// <summary>What it was given is sent, whatever the names.</summary>
    public bool SendsWhatItHas => Stack is { Filter: NameFilter.None };

    /// <summary>How it compares names; as most do where it is not known.</summary>
    public NameFilter Filter => Stack?.Filter ?? NameFilter.Bytes;

    /// <param name="userAgent">Empty without.</param>
    public static ClientGuess Of(string userAgent, ClientHelloFacts? hello)
    {
        var library = hello is null ? Unknown : OfHello(hello);
        var application = OfAgent(userAgent);
        if (library == GnuTls && application == Wget)
        {
            return WgetOnGnuTls;
        }
        // An application of that library knows more; any other is a disguise, or is not what made the connection.
        return library == Unknown || (library == OpenSsl && application.SendsWhatItHas) ? application : library;
    }

    public static ClientGuess OfAgent(string userAgent)
    {
        foreach (var (start, guess) in Agents)
        {
            if (userAgent.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            {
                return guess;
            }
        }
        if (!userAgent.StartsWith("Mozilla/5.0 (", StringComparison.Ordinal) || userAgent.Contains("PowerShell", StringComparison.Ordinal))
        {
            return Unknown;
        }
        return userAgent.Contains("Firefox/", StringComparison.Ordinal) ? Firefox
            : userAgent.Contains("Chrome/", StringComparison.Ordinal) ? Chrome
            : userAgent.Contains("Safari/", StringComparison.Ordinal) ? Safari
            : Unknown;
    }

    /// <summary>By extensions that one library sends and the others do not.</summary>
    public static ClientGuess OfHello(ClientHelloFacts hello)
    {
        const int StatusRequest = 5, PointFormats = 11, StatusRequestV2 = 17, CertificateTimestamps = 18, EncryptThenMac = 22, RecordSizeLimit = 28;
        const int DelegatedCredentials = 34, PskModes = 45, SignatureAlgorithmsCert = 50, ApplicationSettings = 17513, ApplicationSettingsNew = 17613;
        const int RenegotiationInfo = 0xff01;
        if (hello.IsCut)
        {
            return Unknown;
        }
        var has = hello.Extensions.ToHashSet();
        return has.Contains(ApplicationSettings) || has.Contains(ApplicationSettingsNew) ? Chrome
            : has.Contains(DelegatedCredentials) && has.Contains(RecordSizeLimit) ? Firefox
            : has.Contains(StatusRequestV2) && has.Contains(SignatureAlgorithmsCert) ? Java
            : has.Contains(RecordSizeLimit) ? GnuTls
            : has.Contains(EncryptThenMac) && has.Contains(PointFormats) ? OpenSsl
            : has.Contains(CertificateTimestamps) && has.Contains(StatusRequest) && has.Contains(RenegotiationInfo) && !has.Contains(PskModes) ? Go
            : Unknown;
    }

    private static ClientGuess OnOpenSsl(string name) => new(name, ClientStack.Named("OpenSSL"));
}
