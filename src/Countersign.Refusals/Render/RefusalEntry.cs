using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Refusals;

/// <summary>
/// A refusal as it is written down: texts and numbers only, made from a <see cref="Refusal"/> or read back from its JSON. It holds nothing of the
/// plan or the trust store that the refusal was judged by, so it may outlive them.
/// </summary>
public sealed record RefusalEntry
{
    public required DateTimeOffset Time { get; init; }
    public required string Incident { get; init; }
    public required string Id { get; init; }
    /// <summary>client, operator, authority, network, nobody.</summary>
    public required string Blame { get; init; }
    /// <summary>proved, likely, possible.</summary>
    public required string Confidence { get; init; }
    public required string Message { get; init; }
    public IReadOnlyList<AdviceEntry> Advice { get; init; } = [];
    public int? Status { get; init; }
    public int? Alert { get; init; }
    /// <summary>client, gate; null without an alert.</summary>
    public string? AlertFrom { get; init; }
    /// <summary>Address and port.</summary>
    public string? Client { get; init; }
    public string Server { get; init; } = "";
    public string? Sni { get; init; }
    public string? Host { get; init; }
    public string? Subject { get; init; }
    public string? Issuer { get; init; }
    public string? Serial { get; init; }
    public string? Sha256 { get; init; }
    public string Nginx { get; init; } = "";
    public IReadOnlyList<ErrorEntry> Errors { get; init; } = [];
    /// <summary>Ids.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
    /// <summary>Values are string, long, bool or a list of strings.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Evidence { get; init; } = [];
    /// <summary>How the handshake went, in the same kinds of values; only of an entry that is kept whole.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Handshake { get; init; } = [];
    /// <summary>The chain in PEM, leaf first; only of an entry that is kept whole.</summary>
    public IReadOnlyList<string> Presented { get; init; } = [];
    /// <summary>Certificates that the reason rests on and that were not sent, in PEM; only of an entry that is kept whole.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];
    /// <summary>How many certificates were sent.</summary>
    public int PresentedCount { get; init; }

    public static RefusalEntry Of(Refusal refusal)
    {
        var reason = refusal.Reason;
        return new RefusalEntry
        {
            Time = refusal.Time,
            Incident = refusal.Incident,
            Id = reason.Id,
            Blame = Name(reason.Blame),
            Confidence = Name(reason.Confidence),
            Message = reason.Message,
            Advice = [.. reason.Advice.Select(advice => new AdviceEntry(Name(advice.For), advice.Text, advice.Paste))],
            Status = refusal.Status,
            Alert = refusal.Alert,
            AlertFrom = refusal.Alert is null ? null : refusal.IsAlertOfClient ? "client" : "gate",
            Client = refusal.Client?.ToString(),
            Server = refusal.Server,
            Sni = refusal.Sni,
            Host = refusal.Host,
            Subject = refusal.Leaf?.Subject.ToString(),
            Issuer = refusal.Leaf?.Issuer.ToString(),
            Serial = refusal.Leaf?.Serial,
            Sha256 = refusal.Leaf?.Sha256,
            Nginx = refusal.NginxLine,
            Errors = [.. refusal.Errors.Select(error => new ErrorEntry(error.Code, error.Name, error.Depth, error.Subject))],
            Others = [.. refusal.Others.Select(other => other.Id)],
            Evidence = Plain(refusal.IsCut ? Refusals.Evidence.Of(reason).Add("analysis_cut", true) : Refusals.Evidence.Of(reason)),
            Found = [.. reason.FoundElsewhere.Select(certificate => PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span) + "\n")],
            Handshake = Handshaken(refusal.Handshake),
            PresentedCount = refusal.Presented.Count,
        };
    }

    private static IReadOnlyList<KeyValuePair<string, object>> Handshaken(HandshakeFacts? facts)
    {
        var evidence = new Evidence();
        facts?.Describe(evidence);
        return Plain(evidence);
    }

    private static IReadOnlyList<KeyValuePair<string, object>> Plain(Evidence evidence) =>
        [.. evidence.Facts.Select(fact => new KeyValuePair<string, object>(fact.Key, fact.Value is DateTimeOffset moment ? Refusals.Evidence.Text(moment) : fact.Value))];

    private static string Name(Blame blame) => blame switch
    {
        Refusals.Blame.Client => "client",
        Refusals.Blame.Operator => "operator",
        Refusals.Blame.Authority => "authority",
        Refusals.Blame.Network => "network",
        Refusals.Blame.Nobody => "nobody",
        _ => ((int)blame).ToString(CultureInfo.InvariantCulture),
    };

    private static string Name(Confidence confidence) => confidence switch
    {
        Refusals.Confidence.Proved => "proved",
        Refusals.Confidence.Likely => "likely",
        Refusals.Confidence.Possible => "possible",
        _ => ((int)confidence).ToString(CultureInfo.InvariantCulture),
    };
}

/// <param name="For">Who can do it: one of the blames.</param>
public sealed record AdviceEntry(string For, string Text, string? Paste);

/// <param name="Code">X509_V_ERR_*.</param>
public sealed record ErrorEntry(int Code, string Name, int Depth, string Subject);
