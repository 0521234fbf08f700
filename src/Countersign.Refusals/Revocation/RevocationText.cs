namespace Countersign.Refusals;

/// <summary>An authority of the path, and whether ssl_crl has a list of it.</summary>
/// <param name="State"><c>no list</c>, or which one.</param>
public sealed record CrlCoverage(string Authority, bool HasList, string State)
{
    public override string ToString() => $"{Authority}: {State}";
}

/// <summary>Phrases that the reasons about revocation share.</summary>
internal static class RevocationText
{
    public static string Of(CrlFacts crl) =>
        $"the list{(crl.Number.Length == 0 ? "" : $" number {crl.Number}")} of {Evidence.Text(crl.ThisUpdate)}{(crl.File.Length == 0 ? "" : $" in {crl.File}")}";

    /// <summary>Whether a list is one that OpenSSL would go by.</summary>
    public static string State(CrlFacts? crl, CertificateFacts? authority, DateTimeOffset now) => crl switch
    {
        null => "no list",
        _ when authority is not null && !crl.Covers(authority) => $"a list of another key ({crl.AuthorityKeyId})",
        { IsDelta: true } => "a delta only",
        _ when crl.ThisUpdate > now => $"a list from {Evidence.Text(crl.ThisUpdate)} on",
        _ when crl.IsLapsed(now) => $"a list that lapsed {Evidence.Text(crl.NextUpdate!.Value)}",
        { Scope: [_, ..] } => $"a list for some only ({string.Join(", ", crl.Scope)})",
        { NextUpdate: { } end } => $"a list until {Evidence.Text(end)}",
        _ => "a list without an end",
    };

    public static string Covered(IReadOnlyList<CrlCoverage> coverage)
    {
        var names = coverage.Where(one => one.HasList).Select(one => $"\"{one.Authority}\"").ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }
}
