using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Refusals;

/// <summary>
/// The fingerprint JA4 of a TLS client over TCP, as FoxIO defines it: what the stack can do, the same for each connection that it makes, and for
/// everyone who uses it.
/// </summary>
internal static class Ja4
{
    private const int ServerName = 0;
    private const int Alpn = 16;

    /// <param name="version">The highest that is offered.</param>
    /// <param name="protocol">The first of ALPN; null without.</param>
    public static string Of(int version, List<int> suites, List<int> extensions, byte[]? protocol, List<int> signatureAlgorithms)
    {
        // Whether a name is sent and what ALPN says stands in the first part already.
        var others = extensions.Where(kind => kind is not (ServerName or Alpn)).Order().ToList();
        var signatures = signatureAlgorithms.Count == 0 ? "" : "_" + List(signatureAlgorithms);
        return string.Create(CultureInfo.InvariantCulture,
            $"t{Version(version)}{(extensions.Contains(ServerName) ? 'd' : 'i')}{Math.Min(suites.Count, 99):d2}{Math.Min(extensions.Count, 99):d2}{Ends(protocol)}_{Digest(List(suites.Order()))}_{(extensions.Count == 0 ? Digest("") : Digest(List(others) + signatures))}");
    }

    private static string Version(int version) => version switch
    {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        _ => "00",
    };

    // First and last character; of names that are not text, first and last digit of their hexadecimal form.
    private static string Ends(byte[]? protocol)
    {
        if (protocol is null)
        {
            return "00";
        }
        if (char.IsAsciiLetterOrDigit((char)protocol[0]) && char.IsAsciiLetterOrDigit((char)protocol[^1]))
        {
            return $"{(char)protocol[0]}{(char)protocol[^1]}";
        }
        var digits = Convert.ToHexStringLower(protocol);
        return $"{digits[0]}{digits[^1]}";
    }

    private static string List(IEnumerable<int> points) => string.Join(',', points.Select(point => point.ToString("x4", CultureInfo.InvariantCulture)));

    private static string Digest(string list) =>
        list.Length == 0 ? "000000000000" : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(list)))[..12];
}
