using System.Text;

namespace Countersign.Refusals;

/// <summary>Reads a ClientHello as it came (RFC 8446 section 4.1.2), whatever a stranger put into it: it never throws, and what is missing is missing.</summary>
public static class ClientHelloReader
{
    private const int Kind = 1;
    private const int Tls13 = 0x0304;

    /// <param name="message">The handshake message with its header of four bytes, without record headers.</param>
    /// <returns>Null for what is not even the beginning of one.</returns>
    public static ClientHelloFacts? Read(ReadOnlySpan<byte> message)
    {
        var header = new WireReader(message);
        if (header.Byte() != Kind)
        {
            return null;
        }
        var body = new WireReader(header.Take(header.Triple()));
        var version = body.Word();
        _ = body.Take(32);
        if (body.IsCut)
        {
            return null;
        }
        var sessionId = body.Short();
        var suites = WireReader.CodePoints(body.Long());
        _ = body.Short();
        var read = new Extensions();
        // SSL 3 and the oldest of TLS 1.0 end here.
        if (!body.IsEmpty)
        {
            read.Read(body.Long());
        }
        var versions = read.Versions.Count > 0 ? read.Versions : [version];
        return new ClientHelloFacts
        {
            Versions = versions,
            ServerName = read.ServerName,
            Alpn = [.. read.Alpn.Select(Encoding.Latin1.GetString)],
            CipherSuites = suites,
            Groups = read.Groups,
            SignatureAlgorithms = read.SignatureAlgorithms,
            CertificateSignatureAlgorithms = read.CertificateSignatureAlgorithms,
            Extensions = read.Kinds,
            // In TLS 1.3 a session id is only there to look like TLS 1.2 (RFC 8446 appendix D.4).
            OffersSession = read.OffersSession || (sessionId.Length > 0 && !versions.Contains(Tls13)),
            HasEarlyData = read.Kinds.Contains(42),
            HasPostHandshakeAuth = read.Kinds.Contains(49),
            HasEncryptedHello = read.Kinds.Contains(0xfe0d),
            Ja4 = Ja4.Of(versions.Max(), suites, read.Kinds, read.Alpn.FirstOrDefault(), read.SignatureAlgorithms),
            IsCut = header.IsCut || body.IsCut || read.IsCut,
        };
    }

    /// <summary>What the extensions say; of one that comes twice the last, though libssl refuses that.</summary>
    private sealed class Extensions
    {
        public List<int> Kinds { get; } = [];
        public string? ServerName { get; private set; }
        public List<byte[]> Alpn { get; private set; } = [];
        public List<int> Versions { get; private set; } = [];
        public List<int> Groups { get; private set; } = [];
        public List<int> SignatureAlgorithms { get; private set; } = [];
        public List<int> CertificateSignatureAlgorithms { get; private set; } = [];
        public bool OffersSession { get; private set; }
        public bool IsCut { get; private set; }

        public void Read(ReadOnlySpan<byte> bytes)
        {
            var all = new WireReader(bytes);
            while (!all.IsEmpty)
            {
                var kind = all.Word();
                var content = new WireReader(all.Long());
                if (WireReader.IsGrease(kind))
                {
                    continue;
                }
                Kinds.Add(kind);
                Take(kind, ref content);
                IsCut |= content.IsCut;
            }
            IsCut |= all.IsCut;
        }

        // Numbers of the IANA registry "TLS ExtensionType Values".
        private void Take(int kind, ref WireReader content)
        {
            switch (kind)
            {
                case 0:
                    ServerName = Name(content.Long());
                    break;
                case 10:
                    Groups = WireReader.CodePoints(content.Long());
                    break;
                case 13:
                    SignatureAlgorithms = WireReader.CodePoints(content.Long());
                    break;
                case 16:
                    Alpn = Protocols(content.Long());
                    break;
                case 35:
                    OffersSession |= !content.IsEmpty;
                    break;
                case 41:
                    OffersSession = true;
                    break;
                case 43:
                    Versions = WireReader.CodePoints(content.Short());
                    break;
                case 50:
                    CertificateSignatureAlgorithms = WireReader.CodePoints(content.Long());
                    break;
            }
        }

        private static string? Name(ReadOnlySpan<byte> list)
        {
            var names = new WireReader(list);
            return names.Byte() == 0 && names.Long() is { Length: > 0 } host ? Encoding.Latin1.GetString(host) : null;
        }

        private static List<byte[]> Protocols(ReadOnlySpan<byte> list)
        {
            var protocols = new List<byte[]>();
            for (var all = new WireReader(list); !all.IsEmpty;)
            {
                if (all.Short() is { Length: > 0 } name)
                {
                    protocols.Add(name.ToArray());
                }
            }
            return protocols;
        }
    }
}
