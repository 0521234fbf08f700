using System.Net;

namespace Countersign.Refusals;

/// <summary>
/// Finds the name that libssl objected to (NAME_CONSTRAINTS_check() and NAME_CONSTRAINTS_check_CN() of OpenSSL). It decides nothing: where it finds
/// none, only the sentence is poorer.
/// </summary>
internal static class NameConstraintMatch
{
    private const int MaximumComparisons = 20_000;

    /// <returns>As <c>DNS:host.example</c>; null when no name is found to be against the constraints.</returns>
    public static string? Offender(CertificateFacts certificate, NameConstraintFacts constraints, bool isExcluded)
    {
        var budget = MaximumComparisons;
        foreach (var (kind, name) in NamesOf(certificate))
        {
            var bases = (isExcluded ? constraints.Excluded : constraints.Permitted)
                .Where(one => one.StartsWith(kind + ":", StringComparison.Ordinal)).Select(one => one[(kind.Length + 1)..]).ToList();
            if ((budget -= bases.Count) < 0)
            {
                return null;
            }
            // A permitted list of one kind says nothing of names of another.
            var isMatched = bases.Exists(one => Matches(kind, name, one));
            if (isExcluded ? isMatched : bases.Count > 0 && !isMatched)
            {
                return $"{kind}:{name}";
            }
        }
        return null;
    }

    private static IEnumerable<(string Kind, string Name)> NamesOf(CertificateFacts certificate)
    {
        if (certificate.Subject.Text.Length > 0)
        {
            yield return ("DirName", certificate.Subject.Text);
        }
        foreach (var mailbox in Attributes(certificate.Subject, "emailAddress"))
        {
            yield return ("email", mailbox);
        }
        foreach (var (kind, names) in ((string, IReadOnlyList<string>)[])
        [
            ("DNS", certificate.AlternativeNames.Dns),
            ("email", certificate.AlternativeNames.Email),
            ("URI", certificate.AlternativeNames.Uri),
            ("IP", certificate.AlternativeNames.Ip),
        ])
        {
            foreach (var name in names)
            {
                yield return (kind, name);
            }
        }
        // A common name that looks like a host counts as one where no host is given.
        if (certificate.AlternativeNames.Dns.Count == 0)
        {
            foreach (var name in Attributes(certificate.Subject, "CN").Where(IsHost))
            {
                yield return ("DNS", name);
            }
        }
    }

    private static IEnumerable<string> Attributes(DistinguishedName name, string type) => name.Text.Split(',', '+')
        .Where(part => part.StartsWith(type + "=", StringComparison.Ordinal)).Select(part => part[(type.Length + 1)..]);

    private static bool IsHost(string name) => name.Contains('.') && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-' or '_');

    private static bool Matches(string kind, string name, string constraint) => kind switch
    {
        "DNS" => constraint.Length == 0 || IsWithin(name, constraint),
        "email" => constraint.Contains('@') ? Same(name, constraint) : IsHostWithin(name[(name.LastIndexOf('@') + 1)..], constraint),
        "URI" => IsHostWithin(HostOf(name), constraint),
        "IP" => IPNetwork.TryParse(constraint, out var network) && IPAddress.TryParse(name, out var address) && network.Contains(address),
        _ => constraint.Length == 0 || Same(name, constraint) || name.EndsWith("," + constraint, StringComparison.OrdinalIgnoreCase),
    };

    // example.com permits itself and everything below it.
    private static bool IsWithin(string name, string constraint) => Same(name, constraint)
        || name.EndsWith(constraint.StartsWith('.') ? constraint : "." + constraint, StringComparison.OrdinalIgnoreCase);

    // For mailboxes and URIs only a leading dot reaches below.
    private static bool IsHostWithin(string host, string constraint) => constraint.StartsWith('.')
        ? host.EndsWith(constraint, StringComparison.OrdinalIgnoreCase)
        : Same(host, constraint);

    private static string HostOf(string uri)
    {
        var start = uri.IndexOf("://", StringComparison.Ordinal);
        var rest = start < 0 ? uri : uri[(start + 3)..];
        var end = rest.AsSpan().IndexOfAny(":/?#");
        return end < 0 ? rest : rest[..end];
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
