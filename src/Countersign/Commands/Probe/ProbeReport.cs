using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>Everything that a probe found out.</summary>
internal sealed record ProbeReport
{
    public required ProbeOptions Options { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required ProbeSight Without { get; init; }

    /// <summary>Null without a certificate that could be sent.</summary>
    public ProbeSight? With { get; init; }

    /// <summary>A handshake of TLS 1.2, where another one was agreed on.</summary>
    public ProbeSight? Older { get; init; }

    /// <summary>Null when the server sent none that could be read.</summary>
    public ServerChain? Server { get; init; }

    public IReadOnlyList<ProbeFinding> Findings { get; init; } = [];

    /// <summary>Null without a certificate, or when none was asked for.</summary>
    public Withholding? Withholding { get; init; }

    public required ProbeVerdict Verdict { get; init; }

    /// <summary>The one that counts.</summary>
    public ProbeSight Decisive => With ?? Without;

    public ProbeAsked Asked => Decisive.Asked != ProbeAsked.Never ? Decisive.Asked : Without.Asked;

    public CertificateRequestFacts? Request => Decisive.Request ?? Without.Request;

    public IEnumerable<ProbeSight> Sights => [Without, .. With is null ? [] : (ProbeSight[])[With], .. Older is null ? [] : (ProbeSight[])[Older]];
}

/// <summary>Whether the server lets this client in, and otherwise the likely reason.</summary>
/// <param name="Id">Of the catalogue; empty when nothing points to one.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Next">What to type, or to ask for.</param>
internal sealed record ProbeVerdict(bool IsLetIn, string Id, Confidence Confidence, string Why, IReadOnlyList<string> Next);
