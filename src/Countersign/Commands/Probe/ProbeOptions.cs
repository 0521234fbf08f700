using System.Globalization;
using Countersign.Native;

namespace Countersign.Commands.Probe;

/// <summary>What was typed.</summary>
internal sealed record ProbeOptions
{
    // TLSEXT_MAXLEN_host_name
    private const int LongestName = 255;

    public required ProbeTarget Target { get; init; }

    /// <summary>Sent as SNI; null sends none.</summary>
    public required string? ServerName { get; init; }

    /// <summary>Sent as Host.</summary>
    public required string Host { get; init; }

    public required string Path { get; init; }

    /// <summary>Of one connection, from the look-up of the name to the end of the answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Null for whatever the two sides agree on.</summary>
    public TlsProtocols? Protocols { get; init; }

    /// <summary>A file of authorities to verify the server against; null for the system's.</summary>
    public string? Authorities { get; init; }

    public ProbeCertificate? Certificate { get; init; }

    /// <summary>What the server's certificate has to be for.</summary>
    public string VerifyName => ServerName ?? Target.Host;

    /// <summary>The name under which this client asks by TLS is not the one it asks by HTTP.</summary>
    public bool NamesDiffer => ServerName is { } name && !Host.Split(':')[0].Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <param name="text"><c>10s</c>, <c>500ms</c>, <c>1m</c>; a number alone is seconds.</param>
    /// <exception cref="UsageException">It is no such time.</exception>
    public static TimeSpan Time(string text)
    {
        var digits = text.TrimEnd('s', 'm');
        var unit = text[digits.Length..] switch { "ms" => 0.001, "s" or "" => 1, "m" => 60, _ => 0 };
        return unit > 0 && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * unit is > 0 and <= 600
            ? TimeSpan.FromSeconds(number * unit)
            : throw new UsageException($"\"{text}\" is no time of up to ten minutes", "countersign probe gate.example:443 --timeout 10s");
    }

    /// <param name="text"><c>1.2</c> or <c>1.3</c>; null for whatever the two sides agree on.</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static TlsProtocols? Version(string? text) => text switch
    {
        null => null,
        "1.2" => TlsProtocols.Tls12,
        "1.3" => TlsProtocols.Tls13,
        _ => throw new UsageException($"\"{text}\" is no version of TLS to ask for", "countersign probe gate.example:443 --tls 1.2"),
    };

    /// <exception cref="UsageException">No handshake has room for it, or it cannot be sent at all.</exception>
    public static string Name(string text) => Line("--sni", text).Length <= LongestName
        ? text
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"a server name has at most {LongestName} characters, and this one has {text.Length}"), "countersign probe gate.example:443 --sni gate.example");

    /// <summary>Nothing that would end the request line or a header.</summary>
    /// <exception cref="UsageException">It has something of the kind.</exception>
    public static string Line(string option, string text) => text.All(symbol => symbol is > ' ' and < '\x7f')
        ? text
        : throw new UsageException($"{option} \"{text}\" cannot be sent: it has a space, or is not ASCII", "countersign probe --help");
}
