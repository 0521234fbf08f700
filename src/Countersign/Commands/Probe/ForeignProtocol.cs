using System.Text;

namespace Countersign.Commands.Probe;

/// <summary>What answers where TLS was expected, told from its first bytes.</summary>
internal static class ForeignProtocol
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte MajorVersion = 3;

    /// <exception cref="ProbeException">It is something else.</exception>
    public static void Check(ProbeSight sight, ProbeOptions options)
    {
        var first = sight.FirstBytes.Span;
        if (sight.IsHandshakeDone || first.IsEmpty || (first[0] is Alert or Handshake && (first.Length == 1 || first[1] == MajorVersion)))
        {
            return;
        }
        var target = options.Target;
        var text = Encoding.Latin1.GetString(first);
        throw text switch
        {
            _ when text.StartsWith("HTTP/", StringComparison.Ordinal) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<!DOC", StringComparison.OrdinalIgnoreCase) =>
                new ProbeException($"{target} speaks plain HTTP: nobody is asked for a certificate there", $"countersign probe {target.Host}:443"),
            _ when text.StartsWith("SSH-", StringComparison.Ordinal) => new ProbeException($"{target} speaks SSH", $"countersign probe {target.Host}:443"),
            _ when text.StartsWith("220", StringComparison.Ordinal) => StartTls(target, "SMTP or FTP", "smtp"),
            _ when text.StartsWith("* OK", StringComparison.Ordinal) => StartTls(target, "IMAP", "imap"),
            _ when text.StartsWith("+OK", StringComparison.Ordinal) => StartTls(target, "POP3", "pop3"),
            _ => new ProbeException($"{target} does not speak TLS: it sent {Printable(first)}", $"openssl s_client -connect {target} -msg"),
        };
    }

    private static ProbeException StartTls(ProbeTarget target, string protocol, string word) =>
        new($"{target} speaks {protocol} and begins TLS only when it is told to", $"openssl s_client -connect {target} -starttls {word} -cert client.pem -key client.key");

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexStringLower(bytes) : $"\"{Encoding.ASCII.GetString(bytes)}\"";
}
