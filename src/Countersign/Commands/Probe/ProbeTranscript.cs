using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>What the messages of a connection come to.</summary>
internal sealed class ProbeTranscript
{
    private const int HeaderLength = 4;
    private const int Fatal = 2;
    private const int CloseNotify = 0;
    private const int UserCancelled = 90;
    private const int NoRenegotiation = 100;
    private const int Tls13 = 0x0304;
    private const int MaximumCertificates = 64;

    public ProbeTranscript(TlsConversation messages)
    {
        var finished = 0;
        foreach (var message in messages.All)
        {
            switch (message)
            {
                case { Kind: TlsMessageKind.Finished }:
                    finished++;
                    break;
                case { Kind: TlsMessageKind.CertificateRequest, IsSent: false }:
                    Asked = finished < 2 ? ProbeAsked.Handshake : message.Version >= Tls13 ? ProbeAsked.PostHandshake : ProbeAsked.Renegotiation;
                    Request = CertificateRequestReader.Read(message.Bytes, message.Version);
                    break;
                case { Kind: TlsMessageKind.Certificate, IsSent: true }:
                    Sent = Certificates(message).Count;
                    break;
                case { Kind: TlsMessageKind.Certificate, IsSent: false } when ServerChain.Count == 0:
                    ServerChain = Certificates(message);
                    break;
                case { Kind: TlsMessageKind.Alert, IsSent: false } when Alert is null && IsRefusal(message.Bytes):
                    Alert = new ProbeAlert(message.Bytes[1], Sent > 0, finished >= 2);
                    break;
            }
        }
    }

    public ProbeAsked Asked { get; }

    public CertificateRequestFacts? Request { get; }

    /// <summary>Null without a Certificate message of this side.</summary>
    public int? Sent { get; }

    public IReadOnlyList<byte[]> ServerChain { get; } = [];

    /// <summary>The first alert of the server that ends the connection.</summary>
    public ProbeAlert? Alert { get; }

    // In TLS 1.3 every alert but the two that close is an error, whatever its level says (RFC 8446 section 6).
    private static bool IsRefusal(byte[] alert) => alert[1] is not (CloseNotify or UserCancelled) && (alert[0] == Fatal || alert[1] != NoRenegotiation);

    /// <summary>RFC 8446 section 4.4.2 has a context before the list and extensions after each entry, RFC 5246 section 7.4.2 has neither.</summary>
    private static List<byte[]> Certificates(TlsMessage message)
    {
        var isTls13 = message.Version >= Tls13;
        var list = new List<byte[]>();
        var rest = message.Bytes.AsSpan(Math.Min(HeaderLength, message.Bytes.Length));
        if (isTls13 && !TryTake(ref rest, 1, out _))
        {
            return list;
        }
        if (!TryTake(ref rest, 3, out var entries))
        {
            return list;
        }
        while (list.Count < MaximumCertificates && TryTake(ref entries, 3, out var certificate))
        {
            list.Add(certificate.ToArray());
            if (isTls13 && !TryTake(ref entries, 2, out _))
            {
                break;
            }
        }
        return list;
    }

    private static bool TryTake(ref Span<byte> from, int lengthBytes, out Span<byte> vector)
    {
        vector = default;
        if (from.Length < lengthBytes)
        {
            return false;
        }
        var length = 0;
        foreach (var part in from[..lengthBytes])
        {
            length = (length << 8) | part;
        }
        if (from.Length < lengthBytes + length)
        {
            return false;
        }
        vector = from.Slice(lengthBytes, length);
        from = from[(lengthBytes + length)..];
        return true;
    }
}
