using System.Globalization;
using System.Net;

namespace Countersign.Commands.Probe;

/// <summary>Where to connect to.</summary>
internal sealed record ProbeTarget(string Host, int Port)
{
    private const int HttpsPort = 443;
    private const string Scheme = "https://";

    public bool IsAddress => IPAddress.TryParse(Host, out _);

    /// <summary>As it is written in a Host header and typed for other programs: without the port that is meant anyway.</summary>
    public string Authority(string host)
    {
        var name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return Port == HttpsPort ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{Port}");
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>What a URL asks for; null where it has a host alone.</summary>
    public static string? PathOf(string text)
    {
        var rest = WithoutScheme(text);
        return rest.IndexOf('/') is var slash and >= 0 && slash + 1 < rest.Length ? rest[slash..] : null;
    }

    /// <param name="text"><c>HOST</c>, <c>HOST:PORT</c>, <c>[ADDRESS]:PORT</c>, or a URL, whose path is left to <see cref="PathOf"/>.</param>
    /// <exception cref="UsageException">It is none of them.</exception>
    public static ProbeTarget Parse(string text)
    {
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(text, "is plain HTTP, where nobody has a certificate", $"countersign probe {text["http://".Length..].Split('/')[0]}");
        }
        var rest = WithoutScheme(text).Split('/')[0];
        if (IPAddress.TryParse(rest, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && rest[0] != '[')
        {
            return new ProbeTarget(rest, HttpsPort);
        }
        var colon = rest.LastIndexOf(':');
        if (colon >= 0 && rest.EndsWith(']'))
        {
            colon = -1;
        }
        var host = (colon < 0 ? rest : rest[..colon]).Trim('[', ']');
        var port = HttpsPort;
        if (host.Length == 0 || host.Any(symbol => char.IsWhiteSpace(symbol) || char.IsControl(symbol))
            || (colon >= 0 && !(int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536)))
        {
            throw Wrong(text, "is no HOST:PORT", "countersign probe gate.example:443");
        }
        return new ProbeTarget(host, port);
    }

    private static string WithoutScheme(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text;

    private static UsageException Wrong(string text, string why, string next) => new($"\"{text}\" {why}", next);
}
