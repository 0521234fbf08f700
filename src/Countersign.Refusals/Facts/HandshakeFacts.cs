namespace Countersign.Refusals;

/// <summary>How a refused client's handshake went: what it said first, what it was asked, and when. Times count from the accept.</summary>
public sealed record HandshakeFacts
{
    /// <summary>Null when it never came whole, or is not kept any more: from the second request on.</summary>
    public ClientHelloFacts? Hello { get; init; }

    /// <summary>A CertificateRequest went out.</summary>
    public bool WasAsked { get; init; }

    /// <summary>What the CertificateRequest said; null without one.</summary>
    public CertificateRequestFacts? Asked { get; init; }

    /// <summary>Negotiated, 0x0303 or 0x0304; 0 when it did not come to that.</summary>
    public int Version { get; init; }

    public bool IsResumed { get; init; }

    /// <summary>Of the connection, as the kernel has it.</summary>
    public TimeSpan? RoundTrip { get; init; }

    public TimeSpan? FirstByte { get; init; }

    /// <summary>The ClientHello was whole.</summary>
    public TimeSpan? HelloAt { get; init; }

    /// <summary>The gate's flight was out.</summary>
    public TimeSpan? Flight { get; init; }

    /// <summary>The client's answer to it began, or its end was noticed.</summary>
    public TimeSpan? Answer { get; init; }

    /// <summary>The refusal.</summary>
    public TimeSpan End { get; init; }

    public void Describe(Evidence evidence)
    {
        if (Version != 0)
        {
            evidence.Add("version", TlsNames.Version(Version)).Add("resumed", IsResumed).Add("asked", WasAsked);
        }
        if (Hello is { } hello)
        {
            evidence.Add("hello_versions", hello.Versions.Select(TlsNames.Version))
                .Add("hello_sni", hello.ServerName)
                .Add("hello_alpn", hello.Alpn)
                .Add("hello_groups", hello.Groups.Select(TlsNames.Group))
                .Add("hello_signature_algorithms", hello.SignatureAlgorithms.Select(SignatureSchemes.Name))
                .Add("ja4", hello.Ja4);
            if (hello.IsCut)
            {
                evidence.Add("hello_cut", true);
            }
        }
        if (Asked is { } asked)
        {
            evidence.Add("request_authorities", asked.Authorities.Count)
                .Add("request_authority_bytes", asked.AuthorityBytes)
                .Add("request_signature_algorithms", asked.SignatureAlgorithms.Select(SignatureSchemes.Name));
        }
        Add(evidence, "first_byte_ms", FirstByte);
        Add(evidence, "hello_ms", HelloAt);
        Add(evidence, "flight_ms", Flight);
        Add(evidence, "answer_ms", Answer);
        Add(evidence, "end_ms", End);
        if (RoundTrip is { } roundTrip)
        {
            evidence.Add("round_trip_us", (long)roundTrip.TotalMicroseconds);
        }
    }

    private static void Add(Evidence evidence, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            evidence.Add(name, (long)known.TotalMilliseconds);
        }
    }
}
