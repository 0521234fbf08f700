using System.Net;

namespace Countersign.Refusals;

/// <summary>
/// Finds the name that libssl objected to, by the rules of NAME_CONSTRAINTS_check() and NAME_CONSTRAINTS_check_CN() of OpenSSL 3.0. It decides
/// nothing: where it finds none, only the sentence is poorer.
/// </summary>
internal static class NameConstraintMatch
{
    /// <param name="depth">Only the leaf's common name may count as a host.</param>
    /// <returns>As <c>DNS:host.example</c>; null when no name is found to be against the constraints.</returns>
    public static string? Offender(CertificateFacts certificate, int depth, NameConstraintFacts constraints, bool isExcluded, AnalysisBudget budget)
    {
        var trees = (isExcluded ? constraints.ExcludedTrees : constraints.PermittedTrees).ToLookup(tree => tree.Kind);
        foreach (var name in NamesOf(certificate, depth))
        {
            // A permitted list of one kind says nothing of names of another.
            var (isAsked, isMatched) = (false, false);
            foreach (var tree in trees[name.Kind])
            {
                if (!budget.TakeName())
                {
                    return null;
                }
                isAsked = true;
                if (Matches(name, tree))
                {
                    isMatched = true;
                    break;
                }
            }
            if (isExcluded ? isMatched : isAsked && !isMatched)
            {
                return name.ToString();
            }
        }
        return null;
    }

    private static IEnumerable<GeneralName> NamesOf(CertificateFacts certificate, int depth)
    {
        var names = certificate.AlternativeNames;
        var subject = certificate.Subject;
        if (subject.Attributes.Count > 0)
        {
            yield return new GeneralName("DirName", subject.Text) { Directory = subject };
        }
        foreach (var mailbox in Values(subject, AttributeNames.EmailAddress))
        {
            yield return new GeneralName("email", mailbox);
        }
        foreach (var name in names.Directory)
        {
            yield return new GeneralName("DirName", name.Text) { Directory = name };
        }
        foreach (var (kind, texts) in ((string, IReadOnlyList<string>)[])[("DNS", names.Dns), ("email", names.Email), ("URI", names.Uri)])
        {
            foreach (var text in texts)
            {
                yield return new GeneralName(kind, text);
            }
        }
        foreach (var text in names.Ip)
        {
            yield return new GeneralName("IP", text) { Octets = IPAddress.TryParse(text, out var address) ? address.GetAddressBytes() : default };
        }
        if (depth == 0 && names.Dns.Count == 0)
        {
            foreach (var text in Values(subject, AttributeNames.CommonName).Select(text => text.TrimEnd('\0')).Where(IsHost))
            {
                yield return new GeneralName("DNS", text);
            }
        }
    }

    private static IEnumerable<string> Values(DistinguishedName name, string type) =>
        name.Attributes.Where(attribute => attribute.Type == type).Select(attribute => attribute.Value);

    // cn2dnsid(): two labels at least; dots and hyphens only between others, and no hyphen beside a dot.
    private static bool IsHost(string name)
    {
        var hasDot = false;
        for (var i = 0; i < name.Length; i++)
        {
            var isInside = i > 0 && i < name.Length - 1;
            switch (name[i])
            {
                case var symbol when char.IsAsciiLetterOrDigit(symbol) || symbol == '_':
                    break;
                case '-' when isInside:
                    break;
                case '.' when isInside && name[i + 1] is not ('.' or '-') && name[i - 1] != '-':
                    hasDot = true;
                    break;
                default:
                    return false;
            }
        }
        return hasDot;
    }

    private static bool Matches(GeneralName name, GeneralName tree) => name.Kind switch
    {
        "DNS" => IsDnsWithin(name.Text, tree.Text),
        "email" => IsMailWithin(name.Text, tree.Text),
        "URI" => IsHostWithin(HostOf(name.Text), tree.Text),
        "IP" => IsAddressWithin(name.Octets.Span, tree.Octets.Span),
        "DirName" => tree.Directory is { } above && name.Directory!.IsBelow(above),
        _ => false,
    };

    // example.com permits itself and everything below it, .example.com what is below only.
    private static bool IsDnsWithin(string name, string tree) => tree.Length == 0 || Same(name, tree)
        || EndsWith(name, tree.StartsWith('.') ? tree : "." + tree);

    private static bool IsMailWithin(string name, string tree)
    {
        var at = name.LastIndexOf('@');
        if (at < 0)
        {
            return false;
        }
        var treeAt = tree.IndexOf('@');
        if (treeAt < 0)
        {
            return tree.StartsWith('.') ? name.Length > tree.Length && EndsWith(name, tree) : Same(name[(at + 1)..], tree);
        }
        // What is before the @ is compared with its case.
        return (treeAt == 0 || string.Equals(name[..at], tree[..treeAt], StringComparison.Ordinal)) && Same(name[(at + 1)..], tree[(treeAt + 1)..]);
    }

    // For URIs only a leading dot reaches below.
    private static bool IsHostWithin(string host, string tree) => tree.StartsWith('.') ? host.Length > tree.Length && EndsWith(host, tree) : Same(host, tree);

    // nc_uri() looks for a port first, wherever it may be.
    private static string HostOf(string uri)
    {
        var start = uri.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }
        var rest = uri[(start + 3)..];
        var end = rest.IndexOf(':') is var port and >= 0 ? port : rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }

    private static bool IsAddressWithin(ReadOnlySpan<byte> address, ReadOnlySpan<byte> tree)
    {
        if (address.IsEmpty || tree.Length != address.Length * 2)
        {
            return false;
        }
        for (var i = 0; i < address.Length; i++)
        {
            if (((address[i] ^ tree[i]) & tree[address.Length + i]) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool EndsWith(string text, string end) => text.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
