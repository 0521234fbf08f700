using System.Globalization;
using System.Net;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Watch;

namespace Countersign.Commands.Explain;

/// <summary>Who answers a client, by nginx's rules: an address, the server of its handshake, and the server of its request.</summary>
/// <param name="Sni">In lower case; null without.</param>
/// <param name="IsSniKnown">A server of the address has that name.</param>
/// <param name="Host">In lower case, without a port; null without.</param>
internal sealed record AskedServer(AddressPlan Address, ServerPlan Handshake, ServerPlan Addressed, string? Sni, bool IsSniKnown, string? Host)
{
    /// <param name="title">Of the server that decided an incident, to tell addresses apart; null otherwise.</param>
    /// <exception cref="UsageException">Nobody answers, or it depends on the address.</exception>
    public static AskedServer Find(HttpPlan? http, ExplainArguments arguments, string? sni, string? host, string? title)
    {
        (sni, host) = (NameOf(sni, arguments), NameOf(host, arguments));
        var all = (http?.Listens ?? []).SelectMany(listen => listen.Addresses).Where(address => address.Ssl).ToList();
        if (all.Count == 0)
        {
            throw new UsageException($"nothing in {arguments.Configuration.File} listens with \"ssl\"", $"grep -n listen {arguments.Configuration.File}");
        }
        var named = arguments.Address is { } wanted ? all.Where(address => IsAt(address, wanted)).ToList() : all;
        if (named.Count == 0)
        {
            throw new UsageException($"nothing listens at {arguments.Address} with \"ssl\"", $"{arguments.Command} --address {TextOf(all[0])}");
        }
        var found = named.Select(address => Of(address, sni, host)).ToList();
        if (found.Exists(one => one.IsSniKnown))
        {
            found.RemoveAll(one => !one.IsSniKnown);
        }
        if (title is not null && found.Exists(one => TrustBook.Title(one.Addressed) == title))
        {
            found.RemoveAll(one => TrustBook.Title(one.Addressed) != title);
        }
        if (found.DistinctBy(one => (one.Handshake, one.Addressed)).Skip(1).Any())
        {
            throw new UsageException(
                $"it depends on the address: {string.Join(", ", found.Take(8).Select(one => $"{TextOf(one.Address)} has {TrustBook.Title(one.Addressed)}"))}",
                $"{arguments.Command} --address {TextOf(found[0].Address)}");
        }
        return found[0];
    }

    /// <summary>What was taken for granted in the choice.</summary>
    public IEnumerable<string> Notes()
    {
        // The only server of an address has no table of names: it answers to all.
        if (Address.Names.IsEmpty)
        {
            yield break;
        }
        if (Sni is not null && !IsSniKnown)
        {
            yield return $"no server at {TextOf(Address)} has the name \"{Sni}\": the default server answers, {TrustBook.Title(Handshake)}";
        }
        else if (Sni is null)
        {
            yield return $"without a server name the default server of {TextOf(Address)} shakes hands, {TrustBook.Title(Handshake)}; --server asks for another";
        }
    }

    private static AskedServer Of(AddressPlan address, string? sni, string? host)
    {
        var named = sni is null ? null : address.Names.Find(sni, out _);
        var handshake = named ?? address.DefaultServer;
        var addressed = host is null || (named is not null && host == sni) ? handshake : address.Names.Find(host, out _) ?? address.DefaultServer;
        return new AskedServer(address, handshake, addressed, sni, named is not null, host);
    }

    private static string? NameOf(string? text, ExplainArguments arguments)
    {
        if (text is null)
        {
            return null;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        return HostName.TryValidate(bytes, out var length, out _) && length > 0
            ? Encoding.Latin1.GetString(bytes, 0, length).ToLowerInvariant()
            : throw new UsageException($"\"{text}\" is no host name", $"countersign explain{arguments.Configuration.Selection} --server localhost");
    }

    private static bool IsAt(AddressPlan address, string wanted) =>
        TextOf(address) == wanted
        || (address.EndPoint is IPEndPoint point && wanted.TrimStart('*', ':') == point.Port.ToString(CultureInfo.InvariantCulture));

    private static string TextOf(AddressPlan address) => address.EndPoint is IPEndPoint point ? point.ToString() : $"unix:{address.EndPoint}";
}
