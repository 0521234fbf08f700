using System.Net;
using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_access_module.</summary>
internal static class AccessDirectives
{
    public static readonly Setting<IReadOnlyList<AccessRule>> Rules = new([]);

    private const Contexts Everywhere = Contexts.HttpServerLocation | Contexts.LimitExcept;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        DirectiveRow.One("allow", Everywhere, "address | CIDR | unix: | all", "", Bind),
        DirectiveRow.One("deny", Everywhere, "address | CIDR | unix: | all", "", Bind),
    ];

    private static void Bind(DirectiveCall call)
    {
        var allow = call.Name == "allow";
        var text = call[1];
        if (text is "all" or "unix:")
        {
            call.Scope.Append(Rules, new AccessRule(allow, null, text == "unix:"));
            return;
        }
        var slash = text.IndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        var address = host.Contains(':') && IPAddress.TryParse(host, out var v6) ? v6 : ParsedUrl.DottedQuad(host);
        if (address is null)
        {
            call.InvalidParameter(1, "Write an address, a network such as 192.0.2.0/24, unix: or all.");
            return;
        }
        var bits = address.GetAddressBytes().Length * 8;
        var length = slash < 0 ? bits : PrefixLength(text[(slash + 1)..], bits);
        if (length is not { } prefix)
        {
            call.InvalidParameter(1);
            return;
        }
        var network = Mask(address, prefix);
        if (!network.Equals(address))
        {
            call.Warn("low-address-bits", $"low address bits of {text} are meaningless", $"The network is {network}/{prefix}.");
        }
        call.Scope.Append(Rules, new AccessRule(allow, new IPNetwork(network, prefix), false));
    }

    /// <summary>A number of bits, or for IPv4 a mask.</summary>
    private static int? PrefixLength(string text, int bits)
    {
        if (Units.Number(text) is { } number)
        {
            return number <= bits ? (int)number : null;
        }
        if (bits != 32 || ParsedUrl.DottedQuad(text) is not { } mask)
        {
            return null;
        }
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(mask.GetAddressBytes());
        var ones = System.Numerics.BitOperations.LeadingZeroCount(~value);
        return value << ones == 0 || ones == 32 ? ones : null;
    }

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(prefix - i * 8, 0, 8);
            bytes[i] &= (byte)(0xff << (8 - keep));
        }
        return new IPAddress(bytes);
    }
}
