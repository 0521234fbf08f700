using System.Collections.Frozen;

namespace Countersign.Native;

/// <summary>Reasons that nginx's ngx_ssl_connection_error takes for something the peer did, by OpenSSL 3's numbers.</summary>
internal static class TlsErrorReasons
{
    public static FrozenSet<int> PeerFaults { get; } = FrozenSet.Create(
        101, 102, 103, 108, 110, 111, 112, 115, 118, 122, 129, 133, 137, 145, 146, 149, 150, 151, 152, 154, 155, 156, 159, 160,
        182, 183, 186, 187, 193, 198, 205, 213, 220, 226, 227, 234, 235, 244, 245, 246, 252, 253, 256, 258, 266, 267, 270, 271,
        281, 291, 292, 293, 298, 300, 306, 313, 335, 336, 337, 338, 345, 373, 376, 377, 396, 409, 443);
}
