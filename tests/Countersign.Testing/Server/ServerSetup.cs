using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Countersign.Testing;

/// <summary>
/// What a server is started with. In the configuration <c>%%name%%</c> is an address and port of the server,
/// <c>%%name.port%%</c> that port, <c>%%address%%</c> and <c>%%prefix%%</c> the server's own, and any name of
/// <see cref="Values"/> that value.
/// </summary>
public sealed record ServerSetup
{
    public required string Configuration { get; init; }
    public required Ports Ports { get; init; }
    public IPAddress Address { get; init; } = IPAddress.Loopback;
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Fills the prefix folder before the start: certificates into conf, pages into html.</summary>
    public Action<string> Files { get; init; } = _ => { };
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>False for a program that is expected to end by itself.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>A shell command line put before the program, such as <c>ulimit -n 64;</c>.</summary>
    public string Shell { get; init; } = "";

    public string Expand(string text, string prefix) => Regex.Replace(text, @"%%([\w:-]+)(\.port)?%%", match =>
    {
        var name = match.Groups[1].Value;
        return (name, Values.TryGetValue(name, out var value)) switch
        {
            (_, true) => value!,
            ("prefix", _) => prefix,
            ("address", _) => Address.ToString(),
            _ when match.Groups[2].Success => Ports[name].ToString(CultureInfo.InvariantCulture),
            _ => new IPEndPoint(Address, Ports[name]).ToString(),
        };
    });

    /// <summary>The ports that a <c>listen</c> names: being able to connect to them all is being ready.</summary>
    public IEnumerable<int> ListeningPorts() =>
        Regex.Matches(Configuration, @"listen\s+%%([\w-]+)%%").Select(match => Ports[match.Groups[1].Value]).Distinct();
}
