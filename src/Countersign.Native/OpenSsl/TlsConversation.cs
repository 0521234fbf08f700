namespace Countersign.Native;

/// <summary>Messages that are kept, by their numbers in RFC 8446 section 4; an alert has none there.</summary>
public enum TlsMessageKind
{
    HelloRequest = 0,
    ClientHello = 1,
    ServerHello = 2,
    Certificate = 11,
    CertificateRequest = 13,
    CertificateVerify = 15,
    Finished = 20,
    Alert = 256,
}

/// <param name="Version">Of the connection when it was heard: 0x0304 is TLS 1.3.</param>
/// <param name="Bytes">Of a handshake message with its header of four bytes; of an alert its level and number.</param>
public sealed record TlsMessage(TlsMessageKind Kind, bool IsSent, int Version, byte[] Bytes);

/// <summary>
/// Handshake messages and alerts of one connection, in either direction and in their order. The peer decides how many there are, so what is kept has a bound.
/// </summary>
public sealed class TlsConversation
{
    private const int ContentHeader = 256;
    private const int ContentAlert = 21;
    private const int ContentHandshake = 22;
    private const int AlertLength = 2;
    private const int MaximumCount = 64;
    private const int MaximumBytes = 512 * 1024;

    private readonly List<TlsMessage> _all = [];
    private int _bytes;

    public IReadOnlyList<TlsMessage> All => _all;

    /// <summary>The first five bytes that came, be they a record's header or not; empty before them.</summary>
    public ReadOnlyMemory<byte> FirstBytes { get; private set; }

    /// <summary>More were said than are kept.</summary>
    public bool IsCut { get; private set; }

    internal void Note(bool isSent, int version, int content, ReadOnlySpan<byte> bytes)
    {
        if (content == ContentHeader && !isSent && FirstBytes.IsEmpty)
        {
            FirstBytes = bytes.ToArray();
        }
        var kind = content switch
        {
            ContentAlert when bytes.Length == AlertLength => TlsMessageKind.Alert,
            ContentHandshake when bytes.Length > 0 && Enum.IsDefined((TlsMessageKind)bytes[0]) => (TlsMessageKind)bytes[0],
            _ => (TlsMessageKind?)null,
        };
        if (kind is null)
        {
            return;
        }
        if (_all.Count >= MaximumCount || _bytes + bytes.Length > MaximumBytes)
        {
            IsCut = true;
            return;
        }
        _bytes += bytes.Length;
        _all.Add(new TlsMessage(kind.Value, isSent, version, bytes.ToArray()));
    }
}
