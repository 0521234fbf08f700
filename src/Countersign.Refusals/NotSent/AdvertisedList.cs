namespace Countersign.Refusals;

/// <summary>The list of authorities in a CertificateRequest, as the clients that pick by it read it.</summary>
internal static class AdvertisedList
{
    /// <summary>One certificate of the chain was issued under one of the names. An empty list admits all.</summary>
    public static bool Leads(IReadOnlyList<CertificateFacts> chain, IReadOnlyList<DistinguishedName> names, NameFilter filter = NameFilter.Bytes) =>
        names.Count == 0 || chain.Any(certificate => names.Any(name => filter == NameFilter.Names ? name.IsSame(certificate.Issuer) : name.IsIdentical(certificate.Issuer)));

    public static bool IsSame(GateFacts left, GateFacts right)
    {
        var names = left.AdvertisedNames.ToHashSet();
        return names.SetEquals(right.AdvertisedNames);
    }

    public static string Size(GateFacts gate) => ChainText.Count(gate.AdvertisedNames.Count, "name");

    /// <summary>For evidence.</summary>
    public static IEnumerable<string> Texts(GateFacts gate) => gate.AdvertisedNames.Select(name => name.ToString());

    /// <summary>
    /// How sure a mismatch of names is to be why a client that came with a certificate before comes without; null when its names lead to the list, or
    /// it does not care for names.
    /// </summary>
    public static Confidence? Mismatch(NoCertificateCase request)
    {
        var client = request.Client;
        if (request.History is not { Leaf: not null } history || client.SendsWhatItHas || Leads(history.Sent, request.Handshake.AdvertisedNames, client.Filter))
        {
            return null;
        }
        // It sent one until the list changed.
        return client.PicksByList || history.LeafAt < request.LoadedAt ? Confidence.Likely : Confidence.Possible;
    }

    /// <summary><c>Java sends a certificate only if its chain leads to a name of that list</c></summary>
    public static string Manner(ClientGuess client)
    {
        var who = client.PicksByList ? client.Name : "a client that picks by that list";
        return client.Filter == NameFilter.Names
            ? $"{who} sends a certificate only if its chain leads to one of its names" : $"{who} sends a certificate only if its chain leads to one of its names, byte for byte";
    }
}
