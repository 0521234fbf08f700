using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>The few browsers that nginx treats apart (<c>ngx_http_process_user_agent</c>).</summary>
internal readonly record struct UserAgent(bool IsMsie, bool IsMsie6, bool IsChrome, bool IsSafari)
{
    public static UserAgent Of(Exchange exchange) => Parse(exchange.Headers.Find("User-Agent"u8));

    public static UserAgent Parse(ReadOnlySpan<byte> agent)
    {
        if (Has(agent, "Opera"u8))
        {
            return default;
        }
        var at = agent.IndexOf("MSIE "u8);
        if (at >= 0 && at + 7 < agent.Length)
        {
            var version = agent[(at + 5)..];
            var isOld = version[1] == '.' && (version[0] is (byte)'4' or (byte)'5' || (version[0] == '6' && !Has(version, "SV1"u8)));
            return new UserAgent(true, isOld, false, false);
        }
        if (Has(agent, "Gecko/"u8))
        {
            return default;
        }
        if (Has(agent, "Chrome/"u8))
        {
            return new UserAgent(false, false, true, false);
        }
        return new UserAgent(false, false, false, Has(agent, "Safari/"u8) && Has(agent, "Mac OS X"u8));
    }

    private static bool Has(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part) => text.IndexOf(part) >= 0;
}
